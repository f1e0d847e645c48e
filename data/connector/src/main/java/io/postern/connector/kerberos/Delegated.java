package io.postern.connector.kerberos;

import com.sun.security.jgss.ExtendedGSSCredential;
import io.postern.connector.kerberos.FaultReading.Stage;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.Oid;

/// One user at one service: the user's ticket for it, in a subject of its own, so that it goes with it. A shared
/// subject would gather the tickets of all and be searched one by one.
///
/// @param account as the ticket says it, `alice@CORP.EXAMPLE`
/// @param until the ticket's end
record Delegated(String account, String service, Subject subject, GSSCredential credential, Instant until) {
    private static final GSSManager GSS = GSSManager.getInstance();
    private static final Oid KRB5 = oid("1.2.840.113554.1.2.2");
    private static final Oid SPNEGO = oid("1.3.6.1.5.5.2");
    private static final Oid PRINCIPAL = oid("1.2.840.113554.1.2.2.1");

    /// Which of Kerberos' forms a backend wants (KCD-3).
    enum Mechanism {
        NEGOTIATED,
        BARE
    }

    /// Two questions to the KDC; waits for both.
    ///
    /// @param account `NAME@REALM`
    /// @param service `SERVICE/HOST@REALM`
    static Delegated get(Subject connector, String account, String service, FaultReading faults) {
        var own = new Subject(
                false,
                connector.getPrincipals(),
                Set.of(),
                new HashSet<>(connector.getPrivateCredentials(KerberosTicket.class)));
        GSSCredential user = as(own, faults, Stage.SELF, account, service, () -> {
            GSSCredential self =
                    GSS.createCredential(null, GSSCredential.DEFAULT_LIFETIME, KRB5, GSSCredential.INITIATE_ONLY);
            return ((ExtendedGSSCredential) self).impersonate(GSS.createName(account, GSSName.NT_USER_NAME));
        });
        var delegated = new Delegated(account, service, own, user, Instant.EPOCH);
        as(
                own,
                faults,
                Stage.PROXY,
                account,
                service,
                () -> { // leaves the service's ticket in the subject
                    GSSContext context = delegated.context(Mechanism.BARE, false);
                    context.initSecContext(new byte[0], 0, 0);
                    context.dispose();
                    return true;
                });
        Instant until = own.getPrivateCredentials(KerberosTicket.class).stream()
                .map(ticket -> ticket.getEndTime().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        return new Delegated(account, service, own, user, until);
    }

    /// What goes to the backend with one request: a token is good for one alone. Asks nobody.
    ///
    /// @param mutual the backend is to prove itself too
    KerberosToken token(Mechanism mechanism, boolean mutual, FaultReading faults) {
        return as(subject, faults, Stage.PROXY, account, service, () -> {
            GSSContext context = context(mechanism, mutual);
            byte[] first = context.initSecContext(new byte[0], 0, 0);
            if (!mutual) {
                context.dispose();
            }
            return new KerberosToken(first, mutual ? context : null);
        });
    }

    private GSSContext context(Mechanism mechanism, boolean mutual) throws GSSException {
        GSSContext context = GSS.createContext(
                GSS.createName(service, PRINCIPAL),
                mechanism == Mechanism.BARE ? KRB5 : SPNEGO,
                credential,
                GSSContext.DEFAULT_LIFETIME);
        context.requestMutualAuth(mutual);
        context.requestCredDeleg(false);
        return context;
    }

    /// A subject is not inherited by threads, so each use names it.
    private static <T> T as(
            Subject subject, FaultReading faults, Stage stage, String account, String service, Callable<T> action) {
        try {
            return Subject.callAs(subject, action);
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw faults.of(cause, stage, account, service);
        }
    }

    private static Oid oid(String text) {
        try {
            return new Oid(text);
        } catch (GSSException e) {
            throw new IllegalStateException("'" + text + "' is no object identifier", e);
        }
    }

    /// The parts hold keys.
    @Override
    public String toString() {
        return account + " at " + service + " until " + until;
    }
}
