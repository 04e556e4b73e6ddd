//! A file as rows of text. Its encoding and delimiter are declared by the map or detected, or the file is refused. It
//! is read as a stream, twice: once to find its errors before anything is imported, once to import it.

use anyhow::{Context, Result, bail};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many bytes are examined to detect encoding and delimiter.
const SAMPLE: u64 = 64 << 10;

#[derive(Debug, Clone)]
pub struct Source {
    file: PathBuf,
    encoding: &'static Encoding,
    /// Bytes before the text: a byte order mark.
    mark: u64,
    delimiter: u8,
    /// Lines of the file before the header: Excel's `sep=;`.
    before: usize,
}

/// What reading a file to its end found.
pub struct Survey {
    pub headers: Vec<String>,
    pub rows: u64,
    /// SHA-256 of its bytes.
    pub digest: Vec<u8>,
}

impl Source {
    /// `wanted` counts the known columns of a header: the delimiter with the most wins.
    pub fn open(
        file: &Path,
        encoding: Option<&str>,
        delimiter: Option<&str>,
        wanted: &dyn Fn(&[String]) -> usize,
    ) -> Result<Self> {
        let mut sample = Vec::new();
        File::open(file)
            .and_then(|opened| opened.take(SAMPLE).read_to_end(&mut sample))
            .with_context(|| format!("cannot read {}", file.display()))?;
        let (encoding, mark) = encoding_of(file, &sample, encoding)?;
        let mut source = Self {
            file: file.to_owned(),
            encoding,
            mark,
            delimiter: b',',
            before: 0,
        };
        let head = source.head()?;
        let mut declared = match delimiter {
            Some(text) => Some(delimiter_byte(text)?),
            None => None,
        };
        let first = head.lines().next().unwrap_or_default().trim_matches('"');
        if let Some(&[byte]) = first.strip_prefix("sep=").map(str::as_bytes) {
            source.before = 1;
            declared = declared.or(Some(byte));
        }
        source.delimiter = match declared {
            Some(byte) => byte,
            None => likeliest(&head, source.before, wanted),
        };
        Ok(source)
    }

    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    pub fn delimiter(&self) -> &'static str {
        match self.delimiter {
            b'\t' => "tab",
            b';' => ";",
            b'|' => "|",
            b',' => ",",
            _ => "as declared",
        }
    }

    /// The beginning of the text; errors further on are reported by `survey`.
    fn head(&self) -> Result<String> {
        let mut bytes = Vec::new();
        match self
            .text(File::open(&self.file)?)?
            .take(SAMPLE)
            .read_to_end(&mut bytes)
        {
            Ok(_) => {}
            // Reported with its offset by the survey.
            Err(error) if error.kind() == ErrorKind::InvalidData => {}
            Err(error) => return Err(error.into()),
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn text<R: Read + Seek>(&self, mut input: R) -> Result<Text<R>> {
        input.seek(SeekFrom::Start(self.mark))?;
        Ok(Text::new(input, self.encoding, self.mark))
    }

    /// The records of the file, its header skipped.
    pub fn records(&self) -> Result<csv::Reader<impl Read + use<>>> {
        Ok(reader(
            self.text(File::open(&self.file)?)?,
            self.delimiter,
            self.before,
        ))
    }

    /// Reads the file to its end; `each` gets the header and every good record with its number. Refuses a file with bytes
    /// that are invalid in its encoding.
    pub fn survey(
        &self,
        mut each: impl FnMut(&[String], u64, &csv::StringRecord),
    ) -> Result<Survey> {
        let mut raw = File::open(&self.file)?;
        let mut hasher = Sha256::new();
        std::io::copy(&mut raw, &mut hasher)?;
        let digest = hasher.finalize().to_vec();
        let mut records = self.records()?;
        let headers: Vec<String> = match records.headers() {
            Ok(headers) => headers.iter().map(|name| name.trim().to_owned()).collect(),
            Err(error) => return Err(self.explain(error)),
        };
        if headers.iter().any(|name| name.contains('\0')) {
            bail!(
                "{}: the header holds NUL bytes; if the file is UTF-16, say \"encoding\": \"utf-16le\" or \"utf-16be\" in the map",
                self.file.display()
            );
        }
        let mut rows = 0;
        for record in records.into_records() {
            rows += 1;
            match record {
                Ok(record) => each(&headers, rows, &record),
                Err(error) if error.is_io_error() => return Err(self.explain(error)),
                Err(_) => {}
            }
        }
        Ok(Survey {
            headers,
            rows,
            digest,
        })
    }

    /// The error for the first invalid byte, with the word around it as windows-1252 reads it.
    fn explain(&self, error: csv::Error) -> anyhow::Error {
        let csv::ErrorKind::Io(io) = error.kind() else {
            return error.into();
        };
        let Some(bad) = io.get_ref().and_then(|inner| inner.downcast_ref::<Bad>()) else {
            return error.into();
        };
        let hint = if self.encoding == UTF_8 {
            self.as_windows(bad.at).map_or_else(String::new, |words| {
                format!("\nA file that Windows saved may be windows-1252: then this is \"{words}\". Say so in the map with \"encoding\": \"windows-1252\", or save the file as UTF-8.")
            })
        } else {
            "\nName the file's encoding in the map, or save it as UTF-8.".to_owned()
        };
        anyhow::anyhow!(
            "{}, line {}, byte {} of the file ({}) is not {}; nothing was imported.{hint}",
            self.file.display(),
            bad.line,
            bad.at + 1,
            self.byte(bad.at)
                .map_or_else(|| "its end".to_owned(), |byte| format!("0x{byte:02X}")),
            self.encoding.name(),
        )
    }

    fn byte(&self, at: u64) -> Option<u8> {
        let mut file = File::open(&self.file).ok()?;
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut one = [0];
        file.read_exact(&mut one).ok()?;
        Some(one[0])
    }

    /// The word around a byte, read as windows-1252.
    fn as_windows(&self, at: u64) -> Option<String> {
        let from = at.saturating_sub(20);
        let mut file = File::open(&self.file).ok()?;
        file.seek(SeekFrom::Start(from)).ok()?;
        let mut around = Vec::new();
        file.take(40).read_to_end(&mut around).ok()?;
        let middle = usize::try_from(at - from).ok()?;
        let stops = |byte: &u8| byte.is_ascii_control() || b" ,;|\"".contains(byte);
        let start = around[..middle]
            .iter()
            .rposition(stops)
            .map_or(0, |i| i + 1);
        let end = around[middle..]
            .iter()
            .position(stops)
            .map_or(around.len(), |i| middle + i);
        let (words, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&around[start..end]);
        (!words.chars().any(char::is_control)).then(|| words.into_owned())
    }
}

fn reader<R: Read>(text: R, delimiter: u8, before: usize) -> csv::Reader<Skip<R>> {
    csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(Skip {
            input: text,
            lines: before,
        })
}

fn delimiter_byte(text: &str) -> Result<u8> {
    match text {
        "tab" | "\\t" | "\t" => Ok(b'\t'),
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        "pipe" => Ok(b'|'),
        _ => match text.as_bytes() {
            [byte] if byte.is_ascii_punctuation() && *byte != b'"' => Ok(*byte),
            _ => bail!(
                "delimiter: '{text}' is none; give one character such as \",\" or \";\", or \"tab\""
            ),
        },
    }
}

/// By its byte order mark; without one as the map declares; otherwise UTF-16 is recognised by its NULs.
fn encoding_of(
    file: &Path,
    sample: &[u8],
    declared: Option<&str>,
) -> Result<(&'static Encoding, u64)> {
    let named = match declared {
        Some(label) => Some(Encoding::for_label(label.as_bytes()).with_context(|| {
            format!("encoding: '{label}' is not known; one such as utf-8, windows-1252, iso-8859-15, utf-16le, shift_jis")
        })?),
        None => None,
    };
    if sample.starts_with(b"\xff\xfe\0\0") || sample.starts_with(b"\0\0\xfe\xff") {
        bail!(
            "{} is UTF-32, which is not read here; save it as UTF-8",
            file.display()
        );
    }
    if let Some((marked, length)) = Encoding::for_bom(sample) {
        if let Some(named) = named.filter(|named| *named != marked) {
            bail!(
                "{} begins with the mark of {}, and the map says it is {}; correct or leave out the map's \"encoding\"",
                file.display(),
                marked.name(),
                named.name()
            );
        }
        return Ok((marked, length as u64));
    }
    if let Some(named) = named {
        return Ok((named, 0));
    }
    let nuls = |parity: usize| {
        sample
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd, most) = (nuls(0), nuls(1), sample.len() / 5);
    Ok(if sample.len() >= 4 && odd > most && even * 8 < odd {
        (UTF_16LE, 0)
    } else if sample.len() >= 4 && even > most && odd * 8 < even {
        (UTF_16BE, 0)
    } else {
        (UTF_8, 0)
    })
}

/// The delimiter with which the header has the most wanted columns; then the most columns.
fn likeliest(head: &str, before: usize, wanted: &dyn Fn(&[String]) -> usize) -> u8 {
    let mut best = (b',', 0, 1);
    for delimiter in DELIMITERS {
        let mut reader = reader(head.as_bytes(), delimiter, before);
        let Ok(headers) = reader.headers() else {
            continue;
        };
        let names: Vec<String> = headers.iter().map(|name| name.trim().to_owned()).collect();
        let found = (wanted(&names), names.len());
        if found > (best.1, best.2) {
            best = (delimiter, found.0, found.1);
        }
    }
    best.0
}

/// Skips the first lines.
struct Skip<R> {
    input: R,
    lines: usize,
}

impl<R: Read> Read for Skip<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let read = self.input.read(out)?;
            if self.lines == 0 || read == 0 {
                return Ok(read);
            }
            let mut from = 0;
            while self.lines > 0 {
                let Some(at) = out[from..read].iter().position(|byte| *byte == b'\n') else {
                    break;
                };
                from += at + 1;
                self.lines -= 1;
            }
            if self.lines == 0 && from < read {
                out.copy_within(from..read, 0);
                return Ok(read - from);
            }
        }
    }
}

/// A byte that is invalid in the file's encoding.
#[derive(Debug)]
struct Bad {
    line: u64,
    /// From the start of the file, the first byte being 0.
    at: u64,
}

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, byte {} is no text", self.line, self.at + 1)
    }
}

impl std::error::Error for Bad {}

/// Decodes while it is read, and stops at the first invalid byte.
struct Text<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// The part of `raw` that is still to be decoded.
    from: usize,
    to: usize,
    decoded: Vec<u8>,
    given: usize,
    line: u64,
    at: u64,
    ended: bool,
}

impl<R: Read> Text<R> {
    fn new(input: R, encoding: &'static Encoding, at: u64) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: vec![0; 16 << 10],
            from: 0,
            to: 0,
            decoded: Vec::new(),
            given: 0,
            line: 1,
            at,
            ended: false,
        }
    }

    fn more(&mut self) -> std::io::Result<()> {
        self.decoded.clear();
        self.given = 0;
        while self.decoded.is_empty() && !self.ended {
            if self.from == self.to {
                self.from = 0;
                self.to = self.input.read(&mut self.raw)?;
            }
            let last = self.to == 0;
            let mut out = vec![0; 64 << 10];
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.raw[self.from..self.to],
                &mut out,
                last,
            );
            out.truncate(written);
            self.line += out.split(|byte| *byte == b'\n').skip(1).count() as u64;
            self.from += read;
            self.at += read as u64;
            self.decoded = out;
            match result {
                DecoderResult::Malformed(length, after) => {
                    let at = self.at.saturating_sub(u64::from(length) + u64::from(after));
                    return Err(Error::new(
                        ErrorKind::InvalidData,
                        Bad {
                            line: self.line,
                            at,
                        },
                    ));
                }
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => {}
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.decoded.len() {
            self.more()?;
        }
        let some = (self.decoded.len() - self.given).min(out.len());
        out[..some].copy_from_slice(&self.decoded[self.given..self.given + some]);
        self.given += some;
        Ok(some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], encoding: &'static Encoding) -> std::io::Result<String> {
        let mut text = String::new();
        Text::new(bytes, encoding, 0).read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn a_byte_that_is_no_text_is_told_with_its_line_and_place() {
        let error = decoded(b"a,b\nx,R\xfcckgabe\n", UTF_8).expect_err("no UTF-8");
        let bad = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<Bad>())
            .expect("its place");
        assert_eq!((bad.line, bad.at), (2, 7));
        // Cut off in the middle of a letter.
        assert!(decoded(b"caf\xc3", UTF_8).is_err());
        assert_eq!(
            decoded(b"R\xfcckgabe", encoding_rs::WINDOWS_1252).expect("text"),
            "Rückgabe"
        );
    }

    #[test]
    fn long_texts_of_several_bytes_a_letter_come_whole() {
        let long = "äöü返金🔥,".repeat(20_000);
        assert_eq!(decoded(long.as_bytes(), UTF_8).expect("text"), long);
        let wide: Vec<u8> = long.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&wide, UTF_16LE).expect("text"), long);
    }

    #[test]
    fn the_delimiter_is_the_one_that_finds_the_columns() {
        let wanted = |names: &[String]| names.iter().filter(|n| *n == "subject").count();
        for (head, expected) in [
            ("subject,description\n", b','),
            ("subject;description, with a comma\n", b';'),
            ("subject\tdescription\n", b'\t'),
            ("subject|x\n", b'|'),
            ("\"a;b;c\",subject\n", b','),
            ("subject\n", b','),
            ("id;name\n", b';'),
        ] {
            assert_eq!(likeliest(head, 0, &wanted), expected, "{head}");
        }
    }
}
