//! TLS to Postgres, with the parameters of libpq: `sslmode` (disable, allow, prefer, require, verify-ca, verify-full),
//! `sslrootcert` (a file, or `system`), `sslcert` and `sslkey`, in either form of a connection string.

use anyhow::{Context, Result, bail};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;

/// The TLS parameters of a connection string.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    mode: Option<String>,
    root: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

impl Asked {
    /// Takes a TLS parameter; others are left to tokio-postgres.
    fn take(&mut self, key: &str, value: &str) -> bool {
        let place = match key {
            "sslmode" => &mut self.mode,
            "sslrootcert" => &mut self.root,
            "sslcert" => &mut self.certificate,
            "sslkey" => &mut self.key,
            _ => return false,
        };
        *place = (!value.is_empty()).then(|| value.to_owned());
        true
    }
}

/// How far the server's certificate is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    Anybody,
    Issuer,
    IssuerAndName,
}

/// The settings of a connection and how it is encrypted.
pub struct Settings {
    pub config: tokio_postgres::Config,
    pub tls: Tls,
    /// `sslmode=allow`: encrypted only where the server refuses a connection that is not.
    pub plain_first: bool,
}

pub fn settings(url: &str) -> Result<Settings> {
    let (rest, asked) = part(url)?;
    let mut config: tokio_postgres::Config = rest
        .parse()
        .context("the connection string cannot be read")?;
    let named = asked.mode.as_deref().unwrap_or("prefer");
    let (mode, trust) = match named {
        "disable" => (SslMode::Disable, Trust::Anybody),
        "prefer" => (SslMode::Prefer, Trust::Anybody),
        // As libpq: a named root implies verification.
        "require" if asked.root.is_some() => (SslMode::Require, Trust::Issuer),
        "allow" | "require" => (SslMode::Require, Trust::Anybody),
        "verify-ca" => (SslMode::Require, Trust::Issuer),
        "verify-full" => (SslMode::Require, Trust::IssuerAndName),
        other => bail!(
            "sslmode: '{other}' is none; one of disable, allow, prefer, require, verify-ca, verify-full"
        ),
    };
    // As libpq: a local socket is never encrypted.
    let hosts = config.get_hosts();
    let local = hosts.iter().all(|host| matches!(host, Host::Unix(_)));
    let local = local && (!hosts.is_empty() || ["prefer", "allow"].contains(&named));
    let mode = if local { SslMode::Disable } else { mode };
    config.ssl_mode(mode);
    let tls = match mode {
        SslMode::Disable => Tls(None),
        _ => Tls(Some(Arc::new(client(trust, &asked)?))),
    };
    Ok(Settings {
        config,
        tls,
        plain_first: !local && named == "allow",
    })
}

impl Settings {
    /// The same without TLS, where that comes first.
    pub fn plain(&self) -> Option<tokio_postgres::Config> {
        self.plain_first.then(|| {
            let mut config = self.config.clone();
            config.ssl_mode(SslMode::Disable);
            config
        })
    }
}

/// The connection string without its TLS parameters, and those.
fn part(url: &str) -> Result<(String, Asked)> {
    let mut asked = Asked::default();
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let Some((base, query)) = url.split_once('?') else {
            return Ok((url.to_owned(), asked));
        };
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| {
                let decoded: Vec<(String, String)> =
                    serde_urlencoded::from_str(&pair.replace('+', "%2B")).unwrap_or_default();
                !decoded.iter().any(|(key, value)| asked.take(key, value))
            })
            .collect();
        let rest = if kept.is_empty() {
            base.to_owned()
        } else {
            format!("{base}?{}", kept.join("&"))
        };
        return Ok((rest, asked));
    }
    let mut rest = String::new();
    for (key, value, written) in pairs(url)? {
        if !asked.take(&key, &value) {
            rest.push_str(&written);
            rest.push(' ');
        }
    }
    Ok((rest, asked))
}

/// `key = value` pairs, a value perhaps in quotes: key, value, and both as they were written.
fn pairs(text: &str) -> Result<Vec<(String, String, String)>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let whole = rest;
        let (key, after) = rest
            .split_once('=')
            .context("the connection string holds a key without a value")?;
        let after = after.trim_start();
        let mut value = String::new();
        let quoted = after.starts_with('\'');
        let mut letters = after.char_indices().skip(usize::from(quoted));
        let mut end = after.len();
        let mut closed = !quoted;
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
                '\'' if quoted => {
                    end = at + 1;
                    closed = true;
                    break;
                }
                letter if !quoted && letter.is_whitespace() => {
                    end = at;
                    break;
                }
                letter => value.push(letter),
            }
        }
        if !closed {
            bail!("the connection string holds a quote that does not end");
        }
        rest = &after[end..];
        let written = &whole[..whole.len() - rest.len()];
        found.push((key.trim().to_owned(), value, written.trim().to_owned()));
        rest = rest.trim_start();
    }
    Ok(found)
}

fn client(trust: Trust, asked: &Asked) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = if trust == Trust::Anybody {
        Vec::new()
    } else {
        roots(asked.root.as_deref())?
    };
    let chain = if trust == Trust::Anybody {
        None
    } else {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.iter().cloned());
        let store = Arc::new(store);
        Some(
            WebPkiServerVerifier::builder_with_provider(store, Arc::clone(&provider))
                .build()
                .context("sslrootcert holds no certificate that can be used")?,
        )
    };
    let verifier = Arc::new(Verifier {
        trust,
        chain,
        roots,
        provider: Arc::clone(&provider),
    });
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    Ok(match (&asked.certificate, &asked.key) {
        (Some(certificate), Some(key)) => builder.with_client_auth_cert(
            certificates(Path::new(certificate), "sslcert")?,
            PrivateKeyDer::from_pem_file(key)
                .with_context(|| format!("sslkey: {key} cannot be read"))?,
        )?,
        (None, None) => builder.with_no_client_auth(),
        _ => bail!("sslcert and sslkey belong together"),
    })
}

/// As libpq: those of `sslrootcert`, or of the user's own file; `system` for those of the machine.
fn roots(named: Option<&str>) -> Result<Vec<CertificateDer<'static>>> {
    if named == Some("system") {
        return Ok(rustls_native_certs::load_native_certs().certs);
    }
    let file = if let Some(file) = named {
        PathBuf::from(file)
    } else {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        home.map(|home| home.join(".postgresql/root.crt"))
                .filter(|file| file.exists())
                .context("sslmode verify-ca and verify-full need sslrootcert: the file of the certificates to trust, or system")?
    };
    certificates(&file, "sslrootcert")
}

fn certificates(file: &Path, what: &str) -> Result<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .with_context(|| format!("{what}: {} cannot be read", file.display()))?;
    if found.is_empty() {
        bail!("{what}: {} holds no certificate", file.display());
    }
    Ok(found)
}

#[derive(Debug)]
struct Verifier {
    trust: Trust,
    chain: Option<Arc<WebPkiServerVerifier>>,
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(chain) = &self.chain else {
            return Ok(ServerCertVerified::assertion());
        };
        match chain.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            // The name is verified last: everything else is valid.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.trust == Trust::Issuer => Ok(ServerCertVerified::assertion()),
            // A self-signed server certificate that is the trusted root.
            Err(_) if self.roots.iter().any(|root| root == certificate) => {
                if self.trust == Trust::IssuerAndName {
                    let parsed = ParsedCertificate::try_from(certificate)?;
                    rustls::client::verify_server_name(&parsed, name)?;
                }
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Encrypts connections as configured.
#[derive(Clone)]
pub struct Tls(Option<Arc<ClientConfig>>);

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Tls {
    type Stream = Encrypted<S>;
    type TlsConnect = To;
    type Error = io::Error;

    fn make_tls_connect(&mut self, host: &str) -> io::Result<To> {
        Ok(To {
            client: self.0.clone(),
            host: host.to_owned(),
        })
    }
}

/// One handshake with one host.
pub struct To {
    client: Option<Arc<ClientConfig>>,
    host: String,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for To {
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move {
            let client = self
                .client
                .ok_or_else(|| io::Error::other("TLS is switched off by sslmode=disable"))?;
            let name = ServerName::try_from(self.host).map_err(io::Error::other)?;
            let stream = TlsConnector::from(client).connect(name, stream).await?;
            Ok(Encrypted(stream))
        })
    }
}

pub struct Encrypted<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Encrypted<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Task<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(task, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Task<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(task, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_tls_is_parted_from_the_rest_in_both_forms() {
        let asked = |mode: &str, root: &str| Asked {
            mode: Some(mode.into()),
            root: Some(root.into()),
            ..Asked::default()
        };
        let (rest, found) =
            part(r"host=db sslmode = verify-full password='a \' b' sslrootcert='/my certs/ca.pem' user=x")
                .expect("pairs");
        assert_eq!(rest.trim(), r"host=db password='a \' b' user=x");
        assert_eq!(found, asked("verify-full", "/my certs/ca.pem"));

        let (rest, found) = part(
            "postgres://u:p%40ss@db/desk?sslmode=verify-ca&application_name=x&sslrootcert=%2Fa+b",
        )
        .expect("a URL");
        assert_eq!(rest, "postgres://u:p%40ss@db/desk?application_name=x");
        assert_eq!(found, asked("verify-ca", "/a+b"));
        assert!(part("host=db password='open").is_err());
    }

    #[test]
    fn modes_are_those_of_libpq() {
        let mode = |url: &str| settings(url).map(|settings| settings.config.get_ssl_mode());
        for (url, expected) in [
            ("host=db", SslMode::Prefer),
            ("host=db sslmode=allow", SslMode::Require),
            ("host=db sslmode=require", SslMode::Require),
            ("host=db sslmode=disable", SslMode::Disable),
            ("host=/run/postgresql", SslMode::Disable),
            (
                "host=db sslmode=verify-full sslrootcert=system",
                SslMode::Require,
            ),
        ] {
            assert_eq!(mode(url).expect(url), expected, "{url}");
        }
        for (url, plain_first) in [
            ("host=db sslmode=allow", true),
            ("host=db sslmode=prefer", false),
            ("host=/run/postgresql sslmode=allow", false),
        ] {
            let settings = settings(url).expect(url);
            assert_eq!(
                settings.plain().map(|plain| plain.get_ssl_mode()),
                plain_first.then_some(SslMode::Disable),
                "{url}"
            );
        }
        for url in [
            "host=db sslmode=verify_full",
            "host=db sslmode=verify-ca sslrootcert=/nowhere",
            "host=db sslmode=require sslcert=/only",
        ] {
            assert!(settings(url).is_err(), "{url}");
        }
    }
}
