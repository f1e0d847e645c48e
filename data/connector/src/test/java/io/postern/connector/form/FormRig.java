package io.postern.connector.form;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.connector.serve.TestStream;
import io.postern.connector.serve.TunnelRig;
import io.postern.fixtures.FakeClock;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelProtocol;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// A connector that signs users in by name and password, with a tunnel's other end.
final class FormRig implements AutoCloseable, Credentials {
    final FakeClock clock = new FakeClock(Instant.parse("2026-11-22T12:00:00Z"));
    final AtomicInteger fetches = new AtomicInteger();
    volatile LoginSettings settings;
    volatile UnaryOperator<String> names = _ -> "alice";
    volatile String password;
    volatile String version = "1";
    volatile Set<String> applications = Set.of("app-1");

    /// Between looking a credential up and handing it out.
    volatile Runnable afterLooking = () -> {};

    private volatile Optional<FormSignOn> form = Optional.empty();
    private volatile Optional<LoginCheck> check = Optional.empty();
    private volatile Optional<BasicCheck> basicCheck = Optional.empty();

    private final TunnelRig rig;
    private final BackendSettings settingsOfBackend;
    private final String backend;

    FormRig(int port, LoginSettings settings, String password) throws Exception {
        this.settings = settings;
        this.password = password;
        this.rig = TunnelRig.open(calls -> {
            var made = new FormSignOn(calls, this, clock);
            form = Optional.of(made);
            check = Optional.of(new LoginCheck(calls, this, clock));
            basicCheck = Optional.of(new BasicCheck(calls, this));
            return List.of(made, new BasicSignOn(this, clock));
        });
        this.settingsOfBackend = TunnelRig.http("b", "127.0.0.1", port);
        this.backend = rig.publish(settingsOfBackend);
    }

    @Override
    public Credential fetch(String application, String of) {
        fetches.incrementAndGet();
        if (!applications.contains(application)) {
            throw new LoginFault(LoginFault.Kind.NO_CREDENTIAL, "nobody has set a password");
        }
        var made = new Credential(
                version, settings, Optional.empty(), names.apply(of), password.getBytes(StandardCharsets.UTF_8));
        afterLooking.run();
        return made;
    }

    FormSignOn form() {
        return form.orElseThrow();
    }

    /// What an administrator is told.
    List<LoginStep> check(String application) {
        return check.orElseThrow().walk(settingsOfBackend, settings, Optional.empty(), who(application));
    }

    List<LoginStep> checkBasic(String application) {
        return basicCheck.orElseThrow().walk(settingsOfBackend, "/", Optional.empty(), who(application));
    }

    private static Optional<LoginCheck.Who> who(String application) {
        return Optional.of(application).filter(app -> !app.isEmpty()).map(app -> new LoginCheck.Who(app, "u-1"));
    }

    Http2Headers head(String way, String path) {
        return TunnelRig.request("GET", backend, path)
                .set(TunnelProtocol.SIGN_ON, way + " app=app-1 user=u-1 session=s-1 version=" + version);
    }

    /// @param how parameters of the sign-on
    TestStream open(String at, String path, String how) throws Exception {
        return rig.open(TunnelRig.request("GET", at, path).set(TunnelProtocol.SIGN_ON, how), true);
    }

    String backend() {
        return backend;
    }

    String publish(String id, int port) throws Exception {
        return rig.publish(TunnelRig.http(id, "127.0.0.1", port));
    }

    TestStream open(Http2Headers head, boolean end) throws Exception {
        return rig.open(head, end);
    }

    TestStream get(String path) throws Exception {
        return open(head("form", path), true).awaitEnd();
    }

    /// As who is signed on nowhere.
    TestStream withoutSignOn(String path) throws Exception {
        return open(TunnelRig.request("GET", backend, path), true).awaitEnd();
    }

    TestStream withoutSignOn(String path, String cookies) throws Exception {
        return open(TunnelRig.request("GET", backend, path).set(HttpHeaderNames.COOKIE, cookies), true)
                .awaitEnd();
    }

    @Override
    public void close() {
        rig.close();
    }
}
