package io.postern.pki;

import io.postern.base.EnrollmentToken;
import io.postern.domain.ConnectorId;
import io.postern.domain.OwnHost;
import io.postern.domain.TenantId;
import io.postern.domain.claims.PairwiseIds;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.pki.acme.AcmeClient;
import io.postern.pki.acme.AcmeSettings;
import io.postern.store.DesktopSignIn;
import io.postern.store.Store;
import io.postern.token.Sealer;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The service's two certificate authorities and what they issue. Thread-safe; blocking.
///
/// Browsers trust one of them, for the base domain only; connectors trust the other, which they learn from
/// their enrolment token. Neither can speak for the other.
public final class Pki {
    // people import it by hand: seldom enough
    private static final Duration BROWSER_AUTHORITY_LIFE = Duration.ofDays(3650);
    // connectors pin it: a new one means enrolling them all again
    private static final Duration CONNECTOR_AUTHORITY_LIFE = Duration.ofDays(7300);
    private static final Duration SERVER_LIFE = Duration.ofDays(90);
    /// Twelve months: connectors renew theirs after six (REG-5).
    public static final Duration CONNECTOR_LIFE = Duration.ofDays(365);

    /// Under which the master key seals our secrets at upstream identity providers.
    public static final String FEDERATION = "federation";
    private static final String OUTBOUND = "outbound-provisioning";

    private static final String NOTICES = "notices";

    private static final String PAIRWISE = "pairwise-identifiers";
    private static final int PAIRWISE_BYTES = 32;

    private final SealedIdentities identities;
    private final String baseDomain;
    private final Duration connectorLife;
    private final Clock clock;
    private final ServerCertificates serverCertificates;
    private final Sealer acmeSealer;
    private final SamlSigningKeys samlSigningKeys;
    private final Sealer pairwiseSealer;
    private final Sealer desktopSealer;
    private final Sealer federationSealer;
    private final Sealer noticeSealer;
    private final Sealer outboundSealer;
    private final Authority connectorAuthority;
    private volatile Authority browserAuthority;
    private volatile Identity edge;
    private volatile Identity tunnel;

    private Pki(
            SealedIdentities identities,
            ServerCertificates serverCertificates,
            Sealer acmeSealer,
            SamlSigningKeys samlSigningKeys,
            Sealer pairwiseSealer,
            Sealer desktopSealer,
            Sealer federationSealer,
            Sealer noticeSealer,
            Sealer outboundSealer,
            String baseDomain,
            Duration connectorLife,
            Clock clock) {
        this.identities = identities;
        this.serverCertificates = serverCertificates;
        this.acmeSealer = acmeSealer;
        this.samlSigningKeys = samlSigningKeys;
        this.pairwiseSealer = pairwiseSealer;
        this.desktopSealer = desktopSealer;
        this.federationSealer = federationSealer;
        this.noticeSealer = noticeSealer;
        this.outboundSealer = outboundSealer;
        this.connectorLife = connectorLife;
        this.baseDomain = baseDomain;
        this.clock = clock;
        this.connectorAuthority = new Authority(identities.get(
                "pki/connector-authority",
                authority -> false,
                () -> Authority.forConnectors(clock.instant(), CONNECTOR_AUTHORITY_LIFE)
                        .identity()));
        this.browserAuthority = currentBrowserAuthority();
        this.edge = currentEdge(browserAuthority);
        this.tunnel = currentTunnel();
    }

    /// Loads both authorities and the certificates in force, making what is missing. Several nodes may do
    /// so at once: they agree on one of each. Another base domain has an authority of its own.
    ///
    /// @throws PkiFault when the master key is not the one of this database
    public static Pki open(Store store, MasterKey masterKey, String baseDomain, Clock clock) {
        return open(store, masterKey, baseDomain, CONNECTOR_LIFE, clock);
    }

    /// @param connectorLife of the certificates that connectors get
    public static Pki open(Store store, MasterKey masterKey, String baseDomain, Duration connectorLife, Clock clock) {
        masterKey.verify(store);
        return new Pki(
                new SealedIdentities(store, masterKey.sealer("pki")),
                new ServerCertificates(masterKey.sealer("server-certificate")),
                masterKey.sealer("acme"),
                new SamlSigningKeys(masterKey.sealer(SamlSigningKeys.PURPOSE)),
                masterKey.sealer(PAIRWISE),
                masterKey.sealer(DesktopSignIn.SEALED_FOR),
                masterKey.sealer(FEDERATION),
                masterKey.sealer(NOTICES),
                masterKey.sealer(OUTBOUND),
                baseDomain,
                connectorLife,
                clock);
    }

    /// `*.<base>` and `<base>`, issued by the browsers' authority.
    public EdgeCertificate edgeCertificate() {
        return edge.toEdge(edgeHosts());
    }

    /// `connect.<base>`, issued by the connectors' authority, chain included.
    public EdgeCertificate tunnelCertificate() {
        return tunnel.toEdge(tunnelHosts());
    }

    /// Issuer of connector certificates and of the tunnel certificate; enrolment tokens carry its fingerprint.
    public X509Certificate connectorAuthority() {
        return connectorAuthority.certificate();
    }

    /// The certificate that browsers are asked to trust: good for the base domain only.
    public String browserAuthorityPem() {
        return Pem.of(browserAuthority.certificate());
    }

    /// Reads and seals those of tenants' own domains.
    public ServerCertificates serverCertificates() {
        return serverCertificates;
    }

    /// Makes keys for assertions.
    public SamlSigningKeys samlSigningKeys() {
        return samlSigningKeys;
    }

    /// For keytabs, which the sign-in opens.
    public Sealer desktopSealer() {
        return desktopSealer;
    }

    /// Seals our secrets at upstream identity providers, each under the provider's id.
    public Sealer federationSecrets() {
        return federationSealer;
    }

    /// Seals mail that holds a link by which its reader gets in, until it is sent.
    public Sealer noticeSealer() {
        return noticeSealer;
    }

    /// Seals what we sign in with at applications that users are provisioned to, each under the application's id.
    public Sealer outboundSecrets() {
        return outboundSealer;
    }

    /// Under one key for the life of the database: another one would make other people of everybody.
    ///
    /// @throws PkiFault when the key in the database is damaged
    public PairwiseIds pairwiseIds() {
        byte[] fresh = new byte[PAIRWISE_BYTES];
        new SecureRandom().nextBytes(fresh);
        Store store = identities.store();
        String sealed = store.read(s -> s.secrets().find(PAIRWISE))
                .orElseGet(() ->
                        store.write(s -> s.secrets().putIfAbsent(PAIRWISE, pairwiseSealer.seal(fresh, PAIRWISE))));
        return new PairwiseIds(pairwiseSealer
                .open(sealed, PAIRWISE)
                .orElseThrow(() ->
                        new PkiFault("the record '" + PAIRWISE + "' in the database is damaged; restore a backup")));
    }

    /// Orders certificates from the server of the settings; all nodes have one account there.
    public AcmeClient acme(AcmeSettings settings) {
        return new AcmeClient(settings, identities.store(), acmeSealer, clock);
    }

    /// A certificate for the key in the request; the request's subject is ignored.
    ///
    /// @param csrDer PKCS#10 in DER
    /// @throws CsrRefused when it is no request, its signature does not match its key, or the key is too weak
    public IssuedConnector issueConnector(TenantId tenant, ConnectorId connector, byte[] csrDer) throws CsrRefused {
        PublicKey key = ConnectorRequest.verifiedKey(csrDer);
        X509Certificate certificate =
                connectorAuthority.issueClient(connector.value(), tenant.value(), key, clock.instant(), connectorLife);
        return new IssuedConnector(
                certificate,
                fingerprint(certificate),
                EnrollmentToken.fingerprint(key.getEncoded()),
                certificate.getNotAfter().toInstant(),
                Pem.of(certificate),
                Pem.of(connectorAuthority()));
    }

    /// Renews what has less than a third of its life left, and takes over what another node renewed. Call daily.
    ///
    /// @return true when a certificate changed: publish a new snapshot
    public synchronized boolean renewDue() {
        Identity edgeBefore = edge;
        Identity tunnelBefore = tunnel;
        browserAuthority = currentBrowserAuthority();
        edge = currentEdge(browserAuthority);
        tunnel = currentTunnel();
        return !edge.chain().equals(edgeBefore.chain()) || !tunnel.chain().equals(tunnelBefore.chain());
    }

    private Authority currentBrowserAuthority() {
        Instant now = clock.instant();
        return new Authority(identities.get(
                "pki/browser-authority/" + baseDomain,
                // what it issues must not outlive it
                authority -> authority.expires().isBefore(now.plus(SERVER_LIFE)),
                () -> Authority.forBrowsers(baseDomain, now, BROWSER_AUTHORITY_LIFE)
                        .identity()));
    }

    private Identity currentEdge(Authority authority) {
        Instant now = clock.instant();
        return identities.get(
                "pki/edge-certificate/" + baseDomain,
                identity -> identity.isDue(now) || !authority.issued(identity.certificate()),
                () -> authority.issueServer(edgeHosts(), now, SERVER_LIFE));
    }

    private Identity currentTunnel() {
        Instant now = clock.instant();
        return identities.get(
                "pki/tunnel-certificate/" + baseDomain,
                identity -> identity.isDue(now) || !connectorAuthority.issued(identity.certificate()),
                () -> connectorAuthority.issueServer(tunnelHosts(), now, SERVER_LIFE));
    }

    private List<String> edgeHosts() {
        return List.of("*." + baseDomain, baseDomain);
    }

    private List<String> tunnelHosts() {
        return List.of(OwnHost.CONNECT.label() + "." + baseDomain);
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return EnrollmentToken.fingerprint(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("it was encoded before", e);
        }
    }
}
