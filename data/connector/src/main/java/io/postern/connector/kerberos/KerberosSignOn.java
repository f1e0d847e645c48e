package io.postern.connector.kerberos;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.connector.kerberos.Delegated.Mechanism;
import io.postern.connector.serve.SignOn;
import io.postern.connector.serve.SignedOn;
import io.postern.tunnel.TunnelFailure;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Way `kerberos` (docs/protocol/tunnel.md §4): the user's ticket goes along with the first request already
/// (KCD-1). A 401 gets a fresh ticket once, since the service's key may have changed.
public final class KerberosSignOn implements SignOn, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("connector.kerberos");
    private static final String NEGOTIATE = "negotiate";

    private final KerberosSettings settings;
    private final TicketDesk desk;

    private KerberosSignOn(KerberosSettings settings, TicketDesk desk) {
        this.settings = settings;
        this.desk = desk;
    }

    /// Signs the connector in meanwhile; whether that works is told in the log, and to users.
    ///
    /// @throws KerberosFault when there is no Kerberos configuration
    public static KerberosSignOn start(KerberosSettings settings, KerberosMetrics metrics) {
        var signOn = new KerberosSignOn(settings, new TicketDesk(settings, metrics, InstantSource.system()));
        Thread.ofVirtual().name("kerberos-login").start(signOn::signIn);
        return signOn;
    }

    private void signIn() {
        try {
            desk.signIn();
        } catch (KerberosFault e) {
            LOG.atError()
                    .addKeyValue("event", e.kind().event())
                    .addKeyValue("reason", e.kind())
                    .addKeyValue("remedy", e.remedy())
                    .log("the connector cannot sign in to Kerberos: {}", e.message());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String way() {
        return "kerberos";
    }

    @Override
    public void prepare(Call call, EventLoop loop, Waiter waiter) {
        TicketDesk.Key key;
        try {
            key = key(call);
        } catch (KerberosFault e) {
            refuse(call, waiter, e);
            return;
        }
        Mechanism mechanism = "krb5".equals(call.parameters().get("mechanism")) ? Mechanism.BARE : Mechanism.NEGOTIATED;
        boolean mutual = "1".equals(call.parameters().get("mutual"));
        desk.ticket(key).whenComplete((ticket, fault) -> {
            if (fault == null) { // making a token is work; loops have other things to do
                Thread.ofVirtual()
                        .name("kerberos-token")
                        .start(() -> give(call, key, ticket, mechanism, mutual, loop, waiter));
            } else {
                loop.execute(() -> refuse(call, waiter, fault(fault)));
            }
        });
    }

    private TicketDesk.Key key(Call call) {
        String spn = call.parameters().getOrDefault("spn", "");
        int star = spn.indexOf('*');
        String host = call.backend().host();
        if (star >= 0) {
            if (!host.toLowerCase(Locale.ROOT).endsWith(spn.substring(star + 1).toLowerCase(Locale.ROOT))) {
                throw new KerberosFault(
                        KerberosFault.Kind.SPN_NOT_ALLOWED,
                        "'" + host + "' is no host under '" + spn + "'",
                        "let the wildcard of the application's SPN have the domain of its internal URL");
            }
            spn = spn.substring(0, star) + host;
        }
        ServicePrincipal service = ServicePrincipal.of(spn);
        List<String> allow = settings.allow();
        if (!allow.isEmpty() && allow.stream().noneMatch(service::matches)) {
            throw new KerberosFault(
                    KerberosFault.Kind.SPN_NOT_ALLOWED,
                    "this connector's own file does not let tickets be got for '" + service + "'",
                    "add it to 'kerberos.allow' in connector.yaml, or use a connector group that may");
        }
        return new TicketDesk.Key(call.parameters().getOrDefault("user", ""), service);
    }

    private void give(
            Call call,
            TicketDesk.Key key,
            Delegated ticket,
            Mechanism mechanism,
            boolean mutual,
            EventLoop loop,
            Waiter waiter) {
        try {
            KerberosToken token = ticket.token(mechanism, mutual, desk.faults());
            loop.execute(() -> waiter.onSignedOn(new Shown(call, key, ticket, token)));
        } catch (KerberosFault e) {
            desk.forget(key, ticket);
            loop.execute(() -> refuse(call, waiter, e));
        }
    }

    private static KerberosFault fault(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof KerberosFault known
                ? known
                : new KerberosFault(
                        KerberosFault.Kind.OTHER,
                        "getting a ticket failed (" + cause + ")",
                        "look at the connector's log",
                        cause);
    }

    private static void refuse(Call call, Waiter waiter, KerberosFault fault) {
        LOG.atWarn()
                .addKeyValue("event", fault.kind().event())
                .addKeyValue("exchange", call.exchange())
                .addKeyValue("user", printable(call.parameters().getOrDefault("user", "")))
                .addKeyValue("spn", printable(call.parameters().getOrDefault("spn", "")))
                .addKeyValue("reason", fault.kind())
                .addKeyValue("remedy", fault.remedy())
                .log("no Kerberos ticket: {}", fault.message());
        waiter.onRefused(
                switch (fault.kind().blame()) {
                    case USER -> TunnelFailure.SIGN_ON_USER;
                    case CONFIGURATION -> TunnelFailure.SIGN_ON_CONFIGURATION;
                    case UNREACHABLE -> TunnelFailure.SIGN_ON_UNREACHABLE;
                    case BUSY -> TunnelFailure.SIGN_ON_BUSY;
                },
                printable(fault.message() + "; " + fault.remedy() + " ("
                        + fault.kind().event() + ")"));
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public void close() {
        desk.close();
    }

    /// The token of one sending.
    private final class Shown implements SignedOn {
        private final Call call;
        private final TicketDesk.Key key;
        private final Delegated ticket;
        private final KerberosToken token;

        private Shown(Call call, TicketDesk.Key key, Delegated ticket, KerberosToken token) {
            this.call = call;
            this.key = key;
            this.ticket = ticket;
            this.token = token;
        }

        @Override
        public void addTo(Http2Headers head) {
            head.set(HttpHeaderNames.AUTHORIZATION, token.field());
        }

        @Override
        public String user() {
            return ticket.account();
        }

        @Override
        public boolean bindsConnection() {
            return true;
        }

        @Override
        public Verdict onAnswer(Http2Headers head) {
            boolean isRefused = "401".contentEquals(head.status());
            String proof = isRefused ? "" : proof(head);
            if (!isRefused) {
                return token.isProven(proof) ? passed(head) : unproven();
            }
            token.dispose();
            desk.forget(key, ticket);
            return call.attempt() == 1
                    ? Verdict.AGAIN
                    : new Verdict.Refused(
                            TunnelFailure.SIGN_ON_REFUSED,
                            "the backend answered 401 to the ticket of '" + ticket.account() + "' for '" + key.service()
                                    + "', a fresh one too; look at its own log: it has the key of another account or"
                                    + " password, another clock, or does not let this user in (13022)");
        }

        /// The handshake is ours; the browser has nothing to do with it.
        private Verdict passed(Http2Headers head) {
            if (proof(head).isEmpty()) {
                return Verdict.PASS;
            }
            List<CharSequence> others = head.getAll(HttpHeaderNames.WWW_AUTHENTICATE).stream()
                    .filter(value -> !isNegotiate(value))
                    .toList();
            head.remove(HttpHeaderNames.WWW_AUTHENTICATE);
            others.forEach(value -> head.add(HttpHeaderNames.WWW_AUTHENTICATE, value));
            return Verdict.PASS;
        }

        private Verdict unproven() {
            return new Verdict.Refused(
                    TunnelFailure.SIGN_ON_REFUSED,
                    "the backend did not prove that it is '" + key.service() + "', which mutual authentication wants;"
                            + " check that it answers with its own token, or switch that off for the application");
        }

        private static String proof(Http2Headers head) {
            return head.getAll(HttpHeaderNames.WWW_AUTHENTICATE).stream()
                    .filter(Shown::isNegotiate)
                    .map(CharSequence::toString)
                    .findFirst()
                    .orElse("");
        }

        private static boolean isNegotiate(CharSequence value) {
            return value.toString().toLowerCase(Locale.ROOT).startsWith(NEGOTIATE);
        }
    }
}
