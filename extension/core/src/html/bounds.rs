//! Bounds on HTML that would take a parser much longer than its size: elements nested by the thousand, formatting that
//! is opened again in every paragraph, tags with thousands of attributes. The parser itself reads it in small pieces
//! into a tree of nothing but depths, which is checked after each piece.

use crate::pause::pause;
use html5ever::interface::{ElemName, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, local_name, ns};
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

/// Bytes of HTML.
const SIZE: usize = 2 << 20;
/// Elements within each other: many more than any mail of replies to replies.
const DEPTH: u32 = 500;
/// Elements that the parser makes, those counted that it opens again.
const ELEMENTS: u64 = 200_000;
/// Elements times their depth: how often the parser looks at open ones.
const LOOKS: u64 = 20_000_000;
/// Nodes met in search of one among its siblings: the parser looks for what it moves, and for the place before a table.
const SCANS: u64 = 100_000_000;
/// Words of one tag or comment.
const WORDS: usize = 10_000;
/// Bytes between two checks.
const PIECE: usize = 1_024;
/// Bytes and tags of HTML that is within every bound, whatever it says.
const SHORT: usize = 16_384;
const FEW: usize = 400;

/// Which bound some HTML exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    Size,
    Depth,
    Elements,
    Words,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size => write!(f, "is larger than {SIZE} bytes"),
            Self::Depth => write!(f, "nests its elements deeper than {DEPTH}"),
            Self::Elements => write!(
                f,
                "comes to more than {ELEMENTS} elements, or nests too many of them"
            ),
            Self::Words => write!(f, "has a tag or comment of more than {WORDS} words"),
        }
    }
}

/// Refuses HTML that exceeds a bound.
pub fn check(html: &str) -> Result<(), Excess> {
    if html.len() > SIZE {
        return Err(Excess::Size);
    }
    let opens = |pair: &[u8]| pair[0] == b'<' && pair[1].is_ascii_alphabetic();
    if html.len() <= SHORT && html.as_bytes().windows(2).filter(|p| opens(p)).count() <= FEW {
        return Ok(());
    }
    let seen = Rc::new(Seen::default());
    let mut parser = html5ever::parse_fragment(
        Depths(Rc::clone(&seen)),
        ParseOpts::default(),
        QualName::new(None, ns!(html), local_name!("div")),
        Vec::new(),
        false,
    );
    // Words since the parser last called the sink: it does not within a tag or a comment.
    let (mut words, mut calls) = (0, 0);
    let mut rest = html;
    while !rest.is_empty() {
        pause();
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        rest = after;
        parser.process(StrTendril::from_slice(piece));
        seen.check()?;
        if seen.calls.get() == calls {
            words +=
                piece.split_ascii_whitespace().count() + piece.matches(['"', '\'', '/']).count();
        } else {
            (words, calls) = (0, seen.calls.get());
        }
        if words > WORDS {
            return Err(Excess::Words);
        }
    }
    Ok(())
}

/// The tree so far. `calls` counts those of the parser that add to it.
#[derive(Default)]
struct Seen {
    calls: Cell<u64>,
    deepest: Cell<u32>,
    elements: Cell<u64>,
    looks: Cell<u64>,
    nodes: Cell<u64>,
    scans: Cell<u64>,
}

impl Seen {
    fn count_call(&self) {
        self.calls.set(self.calls.get() + 1);
    }

    /// All nodes may be siblings.
    fn count_scan(&self) {
        self.scans.set(self.scans.get() + self.nodes.get());
    }

    fn check(&self) -> Result<(), Excess> {
        if self.deepest.get() > DEPTH {
            Err(Excess::Depth)
        } else if self.elements.get() > ELEMENTS
            || self.looks.get() > LOOKS
            || self.scans.get() > SCANS
        {
            Err(Excess::Elements)
        } else {
            Ok(())
        }
    }
}

/// A tree of which only depths are known.
struct Depths(Rc<Seen>);

struct Element {
    name: QualName,
    depth: Cell<u32>,
    /// Whether it has a parent.
    placed: Cell<bool>,
}

type Handle = Rc<Element>;

fn element(name: QualName) -> Handle {
    Rc::new(Element {
        name,
        depth: Cell::new(0),
        placed: Cell::new(false),
    })
}

impl Depths {
    fn place(&self, node: &NodeOrText<Handle>, depth: u32) {
        self.0.count_call();
        self.0.nodes.set(self.0.nodes.get() + 1);
        if let NodeOrText::AppendNode(node) = node {
            node.placed.set(true);
            node.depth.set(depth);
            self.0.deepest.set(self.0.deepest.get().max(depth));
            self.0.looks.set(self.0.looks.get() + u64::from(depth));
        }
    }
}

/// Names as the parser asks for them.
#[derive(Debug)]
struct Name<'a>(&'a QualName);

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Depths {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a> = Name<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        element(QualName::new(None, ns!(), local_name!("")))
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Name<'a> {
        Name(&target.name)
    }

    fn create_element(
        &self,
        name: QualName,
        _: Vec<Attribute>,
        _: html5ever::interface::ElementFlags,
    ) -> Handle {
        self.0.count_call();
        self.0.elements.set(self.0.elements.get() + 1);
        element(name)
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.get_document()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.get_document()
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.place(&child, parent.depth.get() + 1);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        if element.placed.get() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        Rc::clone(target)
    }

    fn same_node(&self, a: &Handle, b: &Handle) -> bool {
        Rc::ptr_eq(a, b)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, node: NodeOrText<Handle>) {
        self.0.count_scan();
        // As deep as the parser's stack has it there: what a table does not take stands before it.
        self.place(&node, sibling.depth.get() + 1);
    }

    fn add_attrs_if_missing(&self, _: &Handle, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        self.0.count_scan();
        target.placed.set(false);
    }

    fn reparent_children(&self, _: &Handle, _: &Handle) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    /// Refused at once, whatever the parser would make of it.
    #[track_caller]
    fn refused(html: &str) -> Excess {
        let began = Instant::now();
        let excess = check(html);
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
        excess.expect_err("is refused")
    }

    #[test]
    fn what_people_write_is_taken() {
        let reply = format!(
            "{}<p>Hello</p>{}",
            "<blockquote type=\"cite\"><div>".repeat(100),
            "</div></blockquote>".repeat(100)
        );
        assert_eq!(check(&reply), Ok(()));
        let letter =
            "<p>A paragraph that nobody closed, with <b>bold</b> and <br> in it.\n".repeat(5_000);
        assert_eq!(check(&letter), Ok(()));
        let list = format!(
            "<ul>{}</ul>",
            "<li>one more<li><font color=red>of them</font>".repeat(5_000)
        );
        assert_eq!(check(&list), Ok(()));
        let image = format!(
            "<img src=\"data:image/png;base64,{}\">",
            "iVBOR".repeat(200_000)
        );
        assert_eq!(check(&image), Ok(()));
        let rows = "<tr><td>a</td><td style='padding: 0 1px 2px 3px'>b</td></tr>".repeat(8_000);
        assert_eq!(check(&format!("<table>{rows}</table>")), Ok(()));
    }

    #[test]
    fn what_would_take_for_ever_is_not() {
        assert_eq!(refused(&"<div>".repeat(40_000)), Excess::Depth);
        assert_eq!(refused(&"<b><div>".repeat(40_000)), Excess::Depth);
        // What stands in a table and is none of its parts goes before it, and the next table ends this one.
        assert_eq!(check(&"<table><div>".repeat(3_000)), Ok(()));
        for misplaced in ["<table><div>", "<a><table>", "<nobr><table>"] {
            assert_eq!(
                refused(&misplaced.repeat(90_000)),
                Excess::Elements,
                "{misplaced}"
            );
        }
        assert_eq!(refused(&"<table><tr><td>".repeat(20_000)), Excess::Depth);
        assert_eq!(refused(&"<svg><script><g>".repeat(20_000)), Excess::Depth);
        assert_eq!(refused(&"<template>".repeat(20_000)), Excess::Depth);
        assert_eq!(refused(&"<!--</div>--><div>".repeat(20_000)), Excess::Depth);
        // Formatting that is opened again in every paragraph.
        let bold = (0..60).fold(String::new(), |all, n| all + &format!("<b class=c{n}>"));
        let html = format!("<div>{bold}</div>{}", "<p>x</p>".repeat(120_000));
        assert_eq!(refused(&html), Excess::Elements);
        let tag = (0..150_000).fold(String::new(), |all, n| all + &format!(" a{n}"));
        assert_eq!(refused(&format!("<a{tag}>")), Excess::Words);
        assert_eq!(
            refused(&format!("<!-- <a x=\" --><a y=\">\"{tag}>")),
            Excess::Words
        );
        assert_eq!(refused(&"x".repeat(SIZE + 1)), Excess::Size);
    }
}
