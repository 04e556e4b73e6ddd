//! Tokens and passwords: argon2id for passwords, short-lived HS256 access tokens, opaque refresh tokens.

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use jsonwebtoken::errors::Result;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub const ACCESS_SECONDS: i64 = 600;
pub const REFRESH_SECONDS: i64 = 30 * 24 * 3600;
pub const DEVICE_SECONDS: i64 = 180 * 24 * 3600;

/// The claims of an access token; the database checks that they still hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    pub sub: String,
    pub role: String,
    pub sid: String,
    pub exp: i64,
}

pub fn sign(secret: &str, claims: &Claims) -> Result<String> {
    encode(
        &Header::new(Algorithm::HS256),
        claims,
        &EncodingKey::from_secret(secret.as_bytes()),
    )
}

/// The algorithm is pinned: a token does not choose how it is verified.
pub fn verify(secret: &str, token: &str) -> Result<Claims> {
    let validation = Validation::new(Algorithm::HS256);
    decode::<Claims>(
        token,
        &DecodingKey::from_secret(secret.as_bytes()),
        &validation,
    )
    .map(|data| data.claims)
}

/// A signed token that is no identity by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Seal {
    pub sub: String,
    /// Unique
    pub jti: String,
    pub exp: i64,
}

/// The purpose of a seal. Each has a key of its own, so that no seal passes for another, or for an access token.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// Renews a session, once.
    Refresh,
    /// This browser has signed the user in before.
    Device,
}

impl Purpose {
    fn secret(self, secret: &str) -> Vec<u8> {
        sha256(&format!("{self:?}:{secret}"))
    }
}

pub fn seal(secret: &str, purpose: Purpose, sub: &str, seconds: i64) -> Result<String> {
    let seal = Seal {
        sub: sub.to_owned(),
        jti: random_token(),
        exp: chrono::Utc::now().timestamp() + seconds,
    };
    encode(
        &Header::new(Algorithm::HS256),
        &seal,
        &EncodingKey::from_secret(&purpose.secret(secret)),
    )
}

pub fn unseal(secret: &str, purpose: Purpose, token: &str) -> Option<Seal> {
    let key = DecodingKey::from_secret(&purpose.secret(secret));
    decode::<Seal>(token, &key, &Validation::new(Algorithm::HS256))
        .ok()
        .map(|data| data.claims)
}

/// The claims of an access token, expired or not, in order to end its session.
pub fn session_of(secret: &str, token: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(secret.as_bytes());
    decode::<Claims>(token, &key, &validation)
        .ok()
        .map(|data| data.claims)
}

/// The key of anchors of the audit log, which nothing else uses.
pub fn anchor_secret(secret: &str) -> Vec<u8> {
    sha256(&format!("Anchor:{secret}"))
}

pub fn sha256(value: &str) -> Vec<u8> {
    Sha256::digest(value.as_bytes()).to_vec()
}

pub fn random_token() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

pub fn hash_password(password: &str) -> anyhow::Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    Ok(Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map_err(|e| anyhow::anyhow!("{e}"))?
        .to_string())
}

/// Takes as long for an unknown user as for a wrong password.
pub async fn verify_password(password: String, hash: Option<String>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$6Zt2nYH0tGBJMx4S1lYxQmqaLq7m2wV0b5yF1cYx7Zs";
    // Few at once: log-ins queue up before they starve everything else.
    static SLOTS: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);
    let Ok(_slot) = SLOTS.acquire().await else {
        return false;
    };
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        PasswordHash::new(hash.as_deref().unwrap_or(NOBODY)).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        }) && known
    })
    .await
    .unwrap_or(false)
}
