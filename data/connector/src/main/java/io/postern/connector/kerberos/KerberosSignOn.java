package io.postern.connector.kerberos;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.connector.kerberos.Delegated.Mechanism;
import io.postern.connector.kerberos.KerberosFault.Kind;
import io.postern.connector.serve.SignOn;
import io.postern.connector.serve.SignedOn;
import io.postern.tunnel.TunnelFailure;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.security.auth.Subject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signs users in at backends by tickets that the connector gets in their names (3.2): before the first request goes
/// out (KCD-1), and with a WebSocket's handshake too. Tickets are got, and tokens made of them, on virtual threads.
public final class KerberosSignOn implements SignOn, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("connector.kerberos");

    private final KerberosSettings settings;
    private final KerberosConfiguration configuration;
    private final Accounts accounts;
    private final FaultReading faults;
    private final ConnectorLogin login;
    private final Tickets tickets;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kerberos-", 0).factory());

    private KerberosSignOn(KerberosSettings settings, PrometheusRegistry registry, InstantSource clock) {
        this.settings = settings;
        configuration = KerberosConfiguration.install(settings);
        accounts = new Accounts(settings, configuration);
        faults = new FaultReading(settings);
        var metrics = new KerberosMetrics(registry);
        login = new ConnectorLogin(settings, faults, metrics, clock);
        tickets = new Tickets(settings, this::exchange, threads, metrics, clock);
    }

    /// One for the process: the JDK's Kerberos has one configuration.
    ///
    /// @throws KerberosFault when the realms' file cannot be read
    public static KerberosSignOn open(KerberosSettings settings, PrometheusRegistry registry) {
        var opened = new KerberosSignOn(settings, registry, InstantSource.system());
        opened.threads.execute(opened::signIn);
        return opened;
    }

    /// So that the first user does not wait for it, and what is wrong is in the log before anybody comes.
    private void signIn() {
        try {
            login.subject();
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
        Tickets.Key key;
        Mechanism mechanism;
        try {
            key = key(call);
            mechanism = mechanism(call);
        } catch (KerberosFault e) {
            waiter.onRefused(failure(e), said(e));
            return;
        }
        boolean mutual = "1".equals(call.parameters().get("mutual"));
        tickets.get(key, call.attempt() > 1)
                .thenApplyAsync(ticket -> signedOn(call, ticket, mechanism, mutual), threads)
                .whenComplete((made, fault) -> loop.execute(() -> {
                    if (made != null) {
                        waiter.onSignedOn(made);
                    } else {
                        KerberosFault why = fault(fault);
                        waiter.onRefused(failure(why), said(why));
                    }
                }));
    }

    private SignedOn signedOn(Call call, Delegated ticket, Mechanism mechanism, boolean mutual) {
        return new Shown(ticket, ticket.token(mechanism, mutual, faults), call.attempt());
    }

    /// The host of this request's backend stands where a wildcard's name has its `*` (KCD-11).
    private Tickets.Key key(Call call) {
        String spn = call.parameters().getOrDefault("spn", "");
        int star = spn.indexOf('*');
        String host = call.backend().host();
        if (star >= 0 && !endsWith(host, spn.substring(star + 1))) {
            throw new KerberosFault(
                    Kind.SPN_NOT_ALLOWED,
                    "'" + host + "' is no host under '" + spn + "'",
                    "let the wildcard of the application's SPN have the domain of its internal URL");
        }
        String named = star < 0 ? spn : spn.substring(0, star) + host;
        ServicePrincipal service = ServicePrincipal.of(named);
        List<String> allowed = settings.allow();
        if (!allowed.isEmpty() && allowed.stream().noneMatch(service::matches)) {
            throw new KerberosFault(
                    Kind.SPN_NOT_ALLOWED,
                    "'" + service.name() + "' is not among the services that 'kerberos.allow' of this connector names",
                    "add it there if tickets for it are to be got");
        }
        return new Tickets.Key(
                call.parameters().getOrDefault("user", ""),
                call.parameters().getOrDefault("identity", "userPrincipalName"),
                service.toString());
    }

    private static boolean endsWith(String host, String domain) {
        return host.regionMatches(true, host.length() - domain.length(), domain, 0, domain.length());
    }

    private static Mechanism mechanism(Call call) {
        return "krb5".equals(call.parameters().get("mechanism")) ? Mechanism.BARE : Mechanism.NEGOTIATED;
    }

    /// Waits for directory and KDC.
    private Delegated exchange(Tickets.Key key) {
        try {
            return exchangeOnce(key);
        } catch (KerberosFault e) {
            LOG.atWarn()
                    .addKeyValue("event", e.kind().event())
                    .addKeyValue("user", key.name())
                    .addKeyValue("spn", key.service())
                    .addKeyValue("reason", e.kind())
                    .addKeyValue("remedy", e.remedy())
                    .log("no Kerberos ticket: {}", e.message());
            throw e;
        }
    }

    private Delegated exchangeOnce(Tickets.Key key) {
        try {
            Subject own = login.subject(); // first: it reads the realms' file anew
            String account = accounts.of(key.name(), key.identity());
            ServicePrincipal named = ServicePrincipal.of(key.service());
            String service = named.name() + "@" + configuration.realmOf(named);
            try {
                return Delegated.get(own, account, service, faults);
            } catch (KerberosFault e) {
                if (e.kind() != Kind.CONNECTOR_TICKET_OVER) {
                    throw accounts.refined(e, account);
                }
                login.forget(own); // a KDC refuses a ticket in its last minutes, or after its own key was changed
                return Delegated.get(login.subject(), account, service, faults);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KerberosFault(Kind.BUSY, "the connector is being stopped", "ask another connector", e);
        }
    }

    private static KerberosFault fault(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException wrapped && wrapped.getCause() != null ? wrapped.getCause() : thrown;
        return cause instanceof KerberosFault known
                ? known
                : new KerberosFault(
                        Kind.OTHER, "a fault of the connector: " + cause, "report it with the connector's log", cause);
    }

    private static TunnelFailure failure(KerberosFault fault) {
        return switch (fault.kind().blame()) {
            case USER -> TunnelFailure.SIGN_ON_USER;
            case CONFIGURATION -> TunnelFailure.SIGN_ON_CONFIGURATION;
            case UNREACHABLE -> TunnelFailure.SIGN_ON_UNREACHABLE;
            case BUSY -> TunnelFailure.SIGN_ON_BUSY;
        };
    }

    private static String said(KerberosFault fault) {
        return fault.message() + "; " + fault.remedy() + " (" + fault.kind().event() + ")";
    }

    @Override
    public void close() {
        threads.shutdownNow();
        accounts.close();
    }

    /// A token that goes out with one request.
    private record Shown(Delegated ticket, KerberosToken token, int attempt) implements SignedOn {
        @Override
        public void addTo(Http2Headers head) {
            head.set(HttpHeaderNames.AUTHORIZATION, token.field());
        }

        @Override
        public String user() {
            return ticket.account();
        }

        @Override
        public Verdict onAnswer(Http2Headers head) {
            String challenge = negotiate(head);
            if ("401".contentEquals(head.status())) {
                token.dispose();
                return attempt == 1 && !challenge.isEmpty() ? Verdict.AGAIN : refused();
            }
            if (token.isMutual() && !token.isProven(challenge)) {
                return new Verdict.Refused(
                        TunnelFailure.SIGN_ON_REFUSED,
                        "the backend did not prove that it is '" + ticket.service()
                                + "', as the application's settings want; it may know no mutual authentication, or be"
                                + " another one");
            }
            if (!challenge.isEmpty()) {
                head.remove(HttpHeaderNames.WWW_AUTHENTICATE); // it was meant for us
            }
            return Verdict.PASS;
        }

        private Verdict refused() {
            return new Verdict.Refused(
                    TunnelFailure.SIGN_ON_REFUSED,
                    "the backend answered 401 to the ticket of '" + ticket.account() + "' for '" + ticket.service()
                            + "'; see its own log: its keytab may be of an old password, it may want another"
                            + " mechanism, or not let this user in (13022)");
        }

        private static String negotiate(Http2Headers head) {
            for (CharSequence value : head.getAll(HttpHeaderNames.WWW_AUTHENTICATE)) {
                String text = value.toString();
                if (text.regionMatches(true, 0, "Negotiate", 0, 9)) {
                    return text;
                }
            }
            return "";
        }
    }
}
