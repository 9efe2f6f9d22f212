//! A certificate authority for one test.

use std::{path::Path, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

/// Makes an authority, writes its certificate to `ca_file`, and accepts TLS as `localhost`.
pub(crate) fn acceptor(ca_file: &Path) -> TlsAcceptor {
    let mut params = CertificateParams::new(Vec::new()).expect("no names are names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().expect("a key can be drawn");
    let authority = CertifiedIssuer::self_signed(params, authority_key).expect("an authority signs itself");
    std::fs::write(ca_file, authority.pem()).expect("the certificate can be written");

    let key = KeyPair::generate().expect("a key can be drawn");
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "127.0.0.2".to_owned()];
    let params = CertificateParams::new(names).expect("these are names");
    let certificate = params.signed_by(&key, &authority).expect("the authority signs");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks the usual versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .expect("the key fits the certificate");
    TlsAcceptor::from(Arc::new(config))
}
