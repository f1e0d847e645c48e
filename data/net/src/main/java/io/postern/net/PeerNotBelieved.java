package io.postern.net;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/// A server's chain that does not lead to the pinned authority, or not today. The message says what was
/// seen, since two causes are common and neither is an attack: something on the way opens TLS and presents a
/// certificate of its own, or a clock is off.
public final class PeerNotBelieved extends CertificateException {
    private static final long serialVersionUID = 1;

    public enum Kind {
        /// Another authority has issued what was presented: TLS is opened on the way, or this is another service.
        FOREIGN,
        /// The right authority, but not valid at this machine's time.
        NOT_NOW,
        /// The right authority, for another name or another use.
        MISFIT
    }

    private final Kind kind;

    private PeerNotBelieved(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /// The one in a chain of causes, if there is one.
    public static Optional<PeerNotBelieved> in(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof PeerNotBelieved found) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    static PeerNotBelieved foreign(X509Certificate[] chain) {
        return new PeerNotBelieved(
                Kind.FOREIGN,
                "the certificate presented is '" + chain[0].getSubjectX500Principal() + "', issued by '"
                        + chain[chain.length - 1].getIssuerX500Principal()
                        + "' and not by the service's own authority: TLS is opened on the way (inspection, or a load"
                        + " balancer that ends TLS), or this is another service");
    }

    static PeerNotBelieved because(X509Certificate[] chain, X509Certificate authority, CertificateException why) {
        if (!isIssuedBy(chain, authority)) {
            return foreign(chain);
        }
        Instant now = Instant.now();
        for (X509Certificate certificate : chain) {
            Instant from = certificate.getNotBefore().toInstant();
            Instant until = certificate.getNotAfter().toInstant();
            if (now.isBefore(from) || now.isAfter(until)) {
                return new PeerNotBelieved(
                        Kind.NOT_NOW,
                        "its certificate is valid from " + from + " until " + until + ", and this machine's clock says "
                                + now.truncatedTo(ChronoUnit.SECONDS) + ", "
                                + (now.isBefore(from)
                                        ? words(Duration.between(now, from)) + " before that"
                                        : words(Duration.between(until, now)) + " after that"));
            }
        }
        Throwable inner = why;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        var misfit = new PeerNotBelieved(Kind.MISFIT, String.valueOf(inner.getMessage()));
        misfit.initCause(why);
        return misfit;
    }

    /// Rounded, for people: `3 days`, `2 h 5 min`, `40 s`.
    public static String words(Duration time) {
        if (time.toDays() >= 2) {
            return time.toDays() + " days";
        }
        if (time.toHours() >= 1) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() >= 2 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    private static boolean isIssuedBy(X509Certificate[] chain, X509Certificate authority) {
        return Arrays.stream(chain).anyMatch(certificate -> isSignedBy(certificate, authority));
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
