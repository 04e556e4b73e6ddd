//! `autocrm audit`: signed anchors of the audit log, and its verification against them. Whoever rules the database can
//! cut off the newest part of the log, or write it anew with seals that fit; a line that is kept elsewhere says what the
//! chain of seals was. An anchor is a JSON Web Signature, so that other programs verify it too.

use crate::auth;
use crate::commands::migrate;
use crate::db;
use anyhow::{Context, Result, bail};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, get_current_timestamp,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tokio_postgres::Client;

/// A backlog takes several seals.
const SEALS: usize = 10_000;

/// What signs an anchor.
#[derive(clap::Args)]
pub struct Signature {
    /// Ed25519 private key in PEM, as `openssl genpkey -algorithm ed25519` makes it; without it the secret signs
    #[arg(long, env = "AUTOCRM_ANCHOR_KEY")]
    key: Option<PathBuf>,
    /// The secret of the API, which whoever verifies needs too
    #[arg(long, env = "AUTOCRM_SECRET", hide_env_values = true)]
    secret: Option<String>,
}

/// What verifies the log.
#[derive(clap::Args)]
pub struct Verification {
    /// File with anchors, one a line
    #[arg(long)]
    anchors: Option<PathBuf>,
    /// Public key of their signatures in PEM, as `openssl pkey -in KEY -pubout` makes it; without it the secret's are expected
    #[arg(long, env = "AUTOCRM_ANCHOR_PUBLIC_KEY")]
    public_key: Option<PathBuf>,
    /// The secret of the API
    #[arg(long, env = "AUTOCRM_SECRET", hide_env_values = true)]
    secret: Option<String>,
}

/// The newest seal of the chain: its digest stands for all rows up to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    pub seal: i64,
    /// In hex
    pub digest: String,
    /// All sealed rows
    pub rows: i64,
    /// When it was signed, in seconds since 1970
    pub iat: u64,
}

/// A key with the algorithm that it is for: an anchor does not choose how it is verified.
pub struct Signer(Algorithm, EncodingKey);
pub struct Verifier(Algorithm, DecodingKey);

impl Signer {
    pub fn secret(secret: &str) -> Self {
        let key = EncodingKey::from_secret(&auth::anchor_secret(secret));
        Self(Algorithm::HS256, key)
    }

    fn new(options: &Signature) -> Result<Self> {
        match (&options.key, &options.secret) {
            (Some(path), _) => {
                let key = EncodingKey::from_ed_pem(&read(path)?).with_context(|| {
                    format!("{} is no Ed25519 private key in PEM", path.display())
                })?;
                Ok(Self(Algorithm::EdDSA, key))
            }
            (None, Some(secret)) => Ok(Self::secret(secret)),
            (None, None) => bail!("nothing signs the anchor; give --key, or AUTOCRM_SECRET"),
        }
    }
}

impl Verifier {
    pub fn secret(secret: &str) -> Self {
        let key = DecodingKey::from_secret(&auth::anchor_secret(secret));
        Self(Algorithm::HS256, key)
    }

    fn new(options: &Verification) -> Result<Self> {
        match (&options.public_key, &options.secret) {
            (Some(path), _) => {
                let key = DecodingKey::from_ed_pem(&read(path)?).with_context(|| {
                    format!("{} is no Ed25519 public key in PEM", path.display())
                })?;
                Ok(Self(Algorithm::EdDSA, key))
            }
            (None, Some(secret)) => Ok(Self::secret(secret)),
            (None, None) => {
                bail!("nothing verifies the anchors; give --public-key, or AUTOCRM_SECRET")
            }
        }
    }

    fn anchor(&self, line: &str) -> Option<Anchor> {
        let mut validation = Validation::new(self.0);
        // Anchors are for good.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        decode(line, &self.1, &validation)
            .ok()
            .map(|data| data.claims)
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Seals what can be sealed, and prints the signed head of the chain.
pub async fn anchor(url: &str, options: &Signature) -> Result<()> {
    let signer = Signer::new(options)?;
    let client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    for _ in 0..SEALS {
        let sealed: i64 = client
            .query_one("select autocrm.seal_audit()", &[])
            .await?
            .get(0);
        if sealed == 0 {
            break;
        }
    }
    println!("{}", sign(&client, &signer).await?);
    Ok(())
}

pub async fn sign(client: &Client, signer: &Signer) -> Result<String> {
    let head = client
        .query_opt(
            "select s.id, encode(s.digest, 'hex'), (select sum(row_count)::bigint from app.audit_seals)
               from app.audit_seals s order by s.id desc limit 1",
            &[],
        )
        .await?
        .context("no audit row is sealed yet; `autocrm work` seals them, once older transactions have ended")?;
    let anchor = Anchor {
        seal: head.get(0),
        digest: head.get(1),
        rows: head.get(2),
        iat: get_current_timestamp(),
    };
    Ok(encode(&Header::new(signer.0), &anchor, &signer.1)?)
}

/// Verifies the whole chain, and the anchors against it.
pub async fn verify(url: &str, options: &Verification) -> Result<()> {
    let anchors = match &options.anchors {
        Some(path) => {
            let text = String::from_utf8(read(path)?).context("the file of anchors is no text")?;
            Some((Verifier::new(options)?, text))
        }
        None => None,
    };
    let client = db::connect(url).await?;
    migrate::ensure_migrated(&client).await?;
    let mut problems = broken(&client).await?;
    let mut held = Vec::new();
    if let Some((verifier, text)) = &anchors {
        problems.append(&mut compare(&client, verifier, text).await?);
        held = text
            .lines()
            .filter_map(|line| verifier.anchor(line.trim()))
            .map(|anchor| anchor.seal)
            .collect();
    }
    for problem in &problems {
        println!("{problem}");
    }
    if !problems.is_empty() {
        bail!("the audit log is not as it was written");
    }
    for line in redactions(&client, &held).await? {
        println!("{line}");
    }
    let rows: i64 = client
        .query_one(
            "select coalesce(sum(row_count), 0)::bigint from app.audit_seals",
            &[],
        )
        .await?
        .get(0);
    println!("{rows} sealed rows are as they were written");
    Ok(())
}

/// What has erased values of rows, between each two of these seals, which anchors hold. Whoever rules the database can
/// write such an act, and mask or change one row that it lists: only somebody who knows what was to be erased sees that.
pub async fn redactions(client: &Client, held: &[i64]) -> Result<Vec<String>> {
    let mut seals = held.to_vec();
    seals.sort_unstable();
    seals.dedup();
    // An act is after a seal when a later one, or none yet, covers it.
    let from: Vec<i64> = seals.iter().map(|seal| seal.saturating_add(1)).collect();
    let rows = client
        .query(
            "select width_bucket(coalesce(r.seal_id, 9223372036854775807), $1::bigint[])::bigint,
                    format('%s redactions of %s erased values of %s rows, the last at %s',
                           count(*), r.table_name, sum(r.row_count), to_char(max(r.at) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'))
               from app.redactions() r group by 1, r.table_name order by 1, r.table_name",
            &[&from],
        )
        .await?;
    let mut lines = Vec::new();
    for row in &rows {
        let after = usize::try_from(row.get::<_, i64>(0))?;
        let what: &str = row.get(1);
        lines.push(match after.checked_sub(1).and_then(|n| seals.get(n)) {
            Some(seal) => format!("after the anchor of seal {seal}: {what}"),
            None => what.to_owned(),
        });
    }
    if !lines.is_empty() {
        lines.push(
            "compare them with the erasures, redactions and retention that you know of: select * from app.redactions()"
                .to_owned(),
        );
    }
    Ok(lines)
}

/// The seals that do not fit their rows, or the seal before them, and what claims to have erased values but is no act of
/// this desk.
pub async fn broken(client: &Client) -> Result<Vec<String>> {
    let rows = client
        .query(
            "select format('seal %s: %s', seal_id, problem) from autocrm.verify_audit() where not ok
              union all
             select format('redaction %s of %s %s: %s', act, table_name, row_key, problem) from app.redactions() where problem is not null",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The anchors that the chain does not fit.
pub async fn compare(client: &Client, verifier: &Verifier, anchors: &str) -> Result<Vec<String>> {
    let (mut problems, mut any) = (Vec::new(), false);
    let lines = anchors.lines().enumerate();
    for (n, line) in lines.map(|(n, line)| (n + 1, line.trim())) {
        if line.is_empty() {
            continue;
        }
        any = true;
        let Some(anchor) = verifier.anchor(line) else {
            problems.push(format!(
                "anchor in line {n}: its signature does not fit this key"
            ));
            continue;
        };
        let found = client
            .query_opt(
                "select encode(digest, 'hex') from app.audit_seals where id = $1",
                &[&anchor.seal],
            )
            .await?;
        match found.map(|row| row.get::<_, String>(0)) {
            None => problems.push(format!(
                "anchor in line {n}: seal {} is gone, the log has been cut off",
                anchor.seal
            )),
            Some(digest) if digest != anchor.digest => problems.push(format!(
                "anchor in line {n}: seal {} is another one, the log has been written anew",
                anchor.seal
            )),
            Some(_) => {}
        }
    }
    if !any {
        bail!("the file has no anchors");
    }
    Ok(problems)
}
