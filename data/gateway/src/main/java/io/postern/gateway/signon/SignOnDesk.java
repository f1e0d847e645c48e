package io.postern.gateway.signon;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.domain.DoorFields;
import io.postern.domain.OwnHost;
import io.postern.domain.event.Cause;
import io.postern.domain.policy.Subject;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.admit.Admission.Admitted;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.ControlAnswer;
import io.postern.gateway.exchange.ControlCall;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.signon.SignOnMemory.Key;
import io.postern.token.EdgeCredential;
import io.postern.token.KeyRing;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out what goes onward with an admitted request because of who asks (3.2, 3.3): from memory, or by one
/// question to the control plane that all requests of the user wait for. Fails closed: without an answer
/// nothing is forwarded.
///
/// One for all event loops; what it remembers is kept per loop, and goes with the application's settings, the
/// session or its time.
public final class SignOnDesk {
    private static final Logger LOG = LoggerFactory.getLogger(SignOnDesk.class);

    /// One loop's share of memory; most users take little more than 1 KiB, those with tokens 16.
    private static final long REMEMBERED_BYTES = 16L << 20;

    /// A user who lacks something is not asked about on every image of a page.
    private static final Duration REFUSAL_KEPT = Duration.ofSeconds(2);

    /// What came of it.
    public sealed interface Outcome {
        record Known(OnwardFields fields) implements Outcome {}

        record Refused(Cause cause) implements Outcome {}
    }

    /// [Outcome], now or later on the exchange's loop; the future never fails.
    public sealed interface Finding {
        record Now(Outcome outcome) implements Finding {}

        record Later(Future<Outcome> outcome) implements Finding {}
    }

    private static final class Memory {
        final SignOnMemory known = new SignOnMemory(REMEMBERED_BYTES);
        final Map<Key, Promise<Outcome>> asked = new HashMap<>();
    }

    private static final Finding NOTHING = new Finding.Now(new Outcome.Known(OnwardFields.NONE));

    private final KeyRing ring;
    private final ControlCall control;
    private final FastThreadLocal<Memory> memory = new FastThreadLocal<>() {
        @Override
        protected Memory initialValue() {
            return new Memory();
        }
    };

    public SignOnDesk(KeyRing ring, ControlCall control) {
        this.ring = ring;
        this.control = control;
    }

    /// On `loop`.
    public Finding find(Admitted admitted, ClientFacts client, EventLoop loop) {
        assert loop.inEventLoop();
        if (!(admitted.route() instanceof Route.Published published)) {
            return NOTHING;
        }
        PublishedApplication application = published.application();
        SignOnSettings settings =
                application.publishing().map(p -> p.settings().signOn()).orElse(SignOnSettings.DEFAULT);
        if (!settings.needsPerson()) {
            return NOTHING;
        }
        if (admitted.subject().isEmpty()) { // settings and pre-authentication are checked together (SSO-1)
            return new Finding.Now(new Outcome.Refused(Cause.INTERNAL));
        }
        Subject subject = admitted.subject().get();
        var key = new Key(application.appId(), subject.user(), subject.session());
        Memory mine = memory.get();
        Outcome known = mine.known.find(key, settings);
        if (known != null) {
            return new Finding.Now(known);
        }
        Promise<Outcome> asked = mine.asked.get(key);
        if (asked == null) {
            asked = loop.newPromise();
            mine.asked.put(key, asked);
            ask(key, application, settings, client, loop, asked);
        }
        return new Finding.Later(asked);
    }

    private void ask(
            Key key,
            PublishedApplication application,
            SignOnSettings settings,
            ClientFacts client,
            EventLoop loop,
            Promise<Outcome> asked) {
        String form = "client_id=" + key.app()
                + "&client_secret=" + EdgeCredential.of(ring, key.app().value()).reveal()
                + "&user=" + encode(key.user().value())
                + key.session().map(s -> "&session=" + encode(s.value())).orElse("");
        Http2Headers fields = new DefaultHttp2Headers()
                .set("content-type", "application/x-www-form-urlencoded")
                .set("accept", "application/json")
                .set(DoorFields.CLIENT_ADDRESS, client.address())
                .set(DoorFields.EXCHANGE, client.exchangeId())
                .set(DoorFields.DOOR, DoorFields.EDGE);
        control.call(loop, OwnHost.LOGIN, "POST", "/" + application.tenant() + "/edge/sign-on", fields, form)
                .addListener(f -> {
                    Memory mine = memory.get();
                    mine.asked.remove(key);
                    SignOnAnswer answer = f.isSuccess()
                            ? SignOnAnswer.read((ControlAnswer) f.getNow(), settings, client)
                            : unavailable(client, f.cause());
                    if (answer.keep().isPositive()) {
                        mine.known.keep(key, settings, answer.outcome(), answer.keep());
                    }
                    asked.setSuccess(answer.outcome());
                });
    }

    private static SignOnAnswer unavailable(ClientFacts client, Throwable cause) {
        LOG.warn("control plane cannot be asked for a user's sign-on: exchange={}", client.exchangeId(), cause);
        return new SignOnAnswer(new Outcome.Refused(Cause.SIGN_IN_UNREACHABLE), Duration.ZERO);
    }

    static SignOnAnswer refused(Cause cause) {
        return new SignOnAnswer(new Outcome.Refused(cause), REFUSAL_KEPT);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
