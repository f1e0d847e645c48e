package io.postern.pki.acme;

import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.pki.CertificateRefused;
import io.postern.pki.ServerCertificates;
import io.postern.store.Store;
import io.postern.token.Sealer;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Security;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.util.KeyPairUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gets certificates from an ACME server: account, order, proof for each host, key, certificate. One order takes
/// seconds to minutes, and blocks. Thread-safe.
public final class AcmeClient {
    private static final Logger LOG = LoggerFactory.getLogger(AcmeClient.class);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /// Less than an attempt of the service may take.
    private static final Duration ORDER_MAX = Duration.ofMinutes(20);
    private static final int RSA_BITS = 2048;
    private static final String CURVE = "secp256r1";

    private final AcmeSettings settings;
    private final Store store;
    private final Sealer sealer;
    private final Clock clock;

    /// @param sealer for the account's key, which all nodes share
    public AcmeClient(AcmeSettings settings, Store store, Sealer sealer, Clock clock) {
        if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            Security.addProvider(new BouncyCastleProvider()); // acme4j asks for it by name; it is the last in order
        }
        this.settings = settings;
        this.store = store;
        this.sealer = sealer;
        this.clock = clock;
    }

    /// @param hosts lower case; a wildcard needs [AcmeSettings.Way#DNS]
    /// @throws AcmeFault naming host, reason and remedy
    public EdgeCertificate order(List<String> hosts, Proofs proofs) throws AcmeFault {
        try {
            Order order = login().newOrder().domains(hosts).create();
            Instant deadline = clock.instant().plus(ORDER_MAX);
            for (Authorization authorization : order.getAuthorizations()) {
                if (clock.instant().isAfter(deadline)) {
                    throw new AcmeFault("the ACME server had not seen all of " + hosts.size() + " hosts after "
                            + ORDER_MAX.toMinutes() + " minutes; order certificates for fewer hosts each");
                }
                if (authorization.getStatus() != Status.VALID) {
                    prove(authorization, proofs);
                }
            }
            order.waitUntilReady(PATIENCE);
            KeyPair keys = KeyPairUtils.createECKeyPair(CURVE); // a new key with each certificate
            order.execute(keys);
            if (order.waitForCompletion(PATIENCE) != Status.VALID) {
                throw new AcmeFault("the order for " + String.join(", ", hosts) + " was not fulfilled"
                        + order.getError().map(AcmeClient::said).orElse("; try again later"));
            }
            return ServerCertificates.issued(
                    order.getCertificate().getCertificateChain(), keys.getPrivate(), clock.instant());
        } catch (AcmeException e) {
            throw new AcmeFault(
                    "the ACME server " + settings.directory() + " refused or was not reached (" + reason(e)
                            + "); check 'acme.directory' and 'acme.authority', and that this machine reaches it",
                    e);
        } catch (AcmeProtocolException
                | AcmeLazyLoadingException
                | UncheckedIOException
                | IllegalArgumentException e) { // how the library says that an answer is none
            throw new AcmeFault(
                    "the ACME server " + settings.directory() + " answered what cannot be understood (" + reason(e)
                            + "); check 'acme.directory'",
                    e);
        } catch (CertificateRefused e) {
            throw new AcmeFault("the ACME server's certificate cannot be used: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AcmeFault("interrupted", e);
        }
    }

    private void prove(Authorization authorization, Proofs proofs)
            throws AcmeException, AcmeFault, InterruptedException {
        String host = authorization.getIdentifier().getDomain();
        Challenge challenge = authorization
                .findChallenge(settings.way().type())
                .orElseThrow(() -> new AcmeFault("the ACME server does not offer "
                        + settings.way().type() + " for '" + (authorization.isWildcard() ? "*." : "") + host
                        + "'; "
                        + (authorization.isWildcard()
                                ? "a wildcard needs dns-01: set 'acme.challenge: dns-01'" + " and 'acme.dns-hook'"
                                : "set another 'acme.challenge'")));
        switch (challenge) {
            case Http01Challenge http -> {
                proofs.showText(host, http.getToken(), http.getAuthorization());
                try {
                    await(http, host);
                } finally {
                    proofs.hideText(host, http.getToken());
                }
            }
            case TlsAlpn01Challenge tls -> {
                KeyPair keys = KeyPairUtils.createKeyPair(RSA_BITS); // the library signs this one by RSA
                proofs.showCertificate(
                        host,
                        new EdgeCertificate(
                                List.of(host),
                                List.of(tls.createCertificate(keys, Identifier.dns(host))),
                                keys.getPrivate()));
                try {
                    await(tls, host);
                } finally {
                    proofs.hideCertificate(host);
                }
            }
            case Dns01Challenge dns -> {
                var hook = new DnsHook(
                        settings.hook()
                                .orElseThrow(() -> new AcmeFault(
                                        "dns-01 needs a command that makes the TXT record; set 'acme.dns-hook'")),
                        DnsHook.PATIENCE);
                String name = "_acme-challenge." + host;
                hook.add(name, dns.getDigest());
                try {
                    await(dns, host);
                } finally {
                    removeRecord(hook, name, dns.getDigest());
                }
            }
            default -> throw new AcmeFault("challenge " + challenge.getType() + " is not known here");
        }
    }

    /// What is left of a record harms nobody: no reason to go without the certificate.
    private static void removeRecord(DnsHook hook, String name, String text) {
        try {
            hook.remove(name, text);
        } catch (AcmeFault e) {
            LOG.warn("the TXT record {} is left: {}", name, e.getMessage());
        }
    }

    private void await(Challenge challenge, String host) throws AcmeException, AcmeFault, InterruptedException {
        challenge.trigger();
        if (challenge.waitForCompletion(PATIENCE) != Status.VALID) {
            throw new AcmeFault("the ACME server could not see by " + challenge.getType() + " that '" + host
                    + "' is ours" + challenge.getError().map(AcmeClient::said).orElse("") + "; " + remedy(host));
        }
    }

    private String remedy(String host) {
        return switch (settings.way()) {
            case HTTP -> "its name must lead here, and port 80 be open to the world ('http-listen')";
            case TLS_ALPN -> "its name must lead here, and port 443 be open to the world with no other TLS before us";
            case DNS -> "the hook must have made the TXT record _acme-challenge." + host;
        };
    }

    private Login login() throws AcmeException, AcmeFault {
        var session = new Session(settings.directory(), new Provider(settings.authority()));
        var builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(accountKey());
        settings.contact().ifPresent(builder::addEmail);
        return builder.createLogin(session); // finds the account of this key, or opens it
    }

    private KeyPair accountKey() throws AcmeFault {
        String name = "acme/account/" + settings.directory();
        String sealed = store.read(s -> s.secrets().find(name))
                .orElseGet(() -> store.write(s -> s.secrets()
                        .putIfAbsent(
                                name,
                                sealer.seal(
                                        text(KeyPairUtils.createECKeyPair(CURVE))
                                                .getBytes(StandardCharsets.US_ASCII),
                                        name))));
        byte[] pem = sealer.open(sealed, name)
                .orElseThrow(() ->
                        new AcmeFault("the record '" + name + "' in the database is damaged; restore a" + " backup"));
        try {
            return KeyPairUtils.readKeyPair(new StringReader(new String(pem, StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new AcmeFault("the record '" + name + "' in the database cannot be read; restore a backup", e);
        }
    }

    private static String text(KeyPair keys) {
        var text = new StringWriter();
        try {
            KeyPairUtils.writeKeyPair(keys, text);
        } catch (IOException e) {
            throw new IllegalStateException("a writer in memory does not fail", e);
        }
        return text.toString();
    }

    private static String said(Problem problem) {
        String details =
                problem.getSubProblems().stream().map(Problem::toString).collect(Collectors.joining(", "));
        return ": " + problem + (details.isEmpty() ? "" : " (" + details + ")");
    }

    private static String reason(Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return e.getCause() == null ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + root.getMessage();
    }
}
