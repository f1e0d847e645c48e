package io.postern.account.desktop;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosKey;
import javax.security.auth.kerberos.KerberosPrincipal;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a browser sent with `Authorization: Negotiate` (RFC 4559), checked with the keys of a keytab: nobody is asked,
/// the KDC least of all. The JDK decrypts, checks times (five minutes of skew) and refuses what it saw before.
///
/// @param user who he is to the domain, for example `alice@CORP.EXAMPLE`
/// @param answer proof of ours, for who asked for it
public record DesktopTicket(String user, Optional<byte[]> answer) {
    private static final Logger LOG = LoggerFactory.getLogger(DesktopTicket.class);
    private static final Oid SPNEGO = oid("1.3.6.1.5.5.2");
    private static final Oid KERBEROS = oid("1.2.840.113554.1.2.2");

    /// Empty when the token is none, is for somebody else, too old, seen before, or NTLM.
    public static Optional<DesktopTicket> accept(Keytab keytab, byte[] token) {
        var principal = new KerberosPrincipal(keytab.principal());
        var keys = new HashSet<Object>();
        for (Keytab.Key key : keytab.keys()) {
            keys.add(new KerberosKey(principal, key.bytes(), key.type(), key.version()));
        }
        var service = new Subject(true, Set.of(principal), Set.of(), keys);
        try {
            return Optional.of(Subject.callAs(service, () -> accept(token)));
        } catch (CompletionException e) {
            LOG.debug("a ticket for {} was not taken", keytab.principal(), e.getCause());
            return Optional.empty();
        }
    }

    private static DesktopTicket accept(byte[] token) throws GSSException {
        GSSManager manager = GSSManager.getInstance();
        GSSCredential own = manager.createCredential(
                null,
                GSSCredential.INDEFINITE_LIFETIME,
                List.of(SPNEGO, KERBEROS).toArray(Oid[]::new),
                GSSCredential.ACCEPT_ONLY);
        GSSContext context = manager.createContext(own);
        try {
            byte[] answer = context.acceptSecContext(token, 0, token.length);
            if (!context.isEstablished()) {
                throw new GSSException(GSSException.DEFECTIVE_TOKEN); // it takes one round, or it is no ticket
            }
            return new DesktopTicket(context.getSrcName().toString(), Optional.ofNullable(answer));
        } finally {
            context.dispose();
        }
    }

    private static Oid oid(String text) {
        try {
            return new Oid(text);
        } catch (GSSException e) {
            throw new IllegalStateException(text, e);
        }
    }
}
