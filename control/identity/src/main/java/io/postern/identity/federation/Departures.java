package io.postern.identity.federation;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.IdentityProviderId;
import io.postern.identity.federation.UpstreamFault.Kind;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Cookies;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Keeps a [Departure] in the browser that leaves, sealed: nothing is stored for browsers that never come back, and an
/// answer that comes to another browser finds nothing (FED-2). Each counts once, on whatever node. Four at a time, so
/// that
/// tabs do not disturb each other and cookies do not pile up.
final class Departures {
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final String COOKIE = "__Host-postern-upstream-";
    private static final String PURPOSE = "upstream-departure";
    private static final int SLOTS = 4;
    /// A cookie holds 4096 octets with its name and attributes.
    private static final int COOKIE_MAX = 3800;

    private static final int PLAIN_MAX = 256 * 1024;

    private final Sealer sealer;
    private final Store store;
    private final Clock clock;

    Departures(KeyRing ring, Store store, Clock clock) {
        this.sealer = new Sealer(ring, PURPOSE);
        this.store = store;
        this.clock = clock;
    }

    void write(ServerResponse response, Tenant tenant, Departure departure) throws UpstreamFault {
        byte[] plain = departure.toJson().getBytes(StandardCharsets.UTF_8);
        String sealed = sealer.seal(deflate(plain), tenant.id().value());
        if (sealed.length() > COOKIE_MAX) {
            throw new UpstreamFault(
                    Kind.TOO_LONG,
                    "the application's request needs " + sealed.length() + " octets of a cookie's " + COOKIE_MAX);
        }
        Cookies.set(response, name(departure.state()), sealed, LIFETIME);
    }

    /// The departure that an answer belongs to, once.
    Departure take(
            ServerRequest request, ServerResponse response, Tenant tenant, IdentityProviderId provider, String state)
            throws UpstreamFault {
        Departure departure = find(request, tenant, state)
                .orElseThrow(() -> stale("this browser began no sign-in that the answer belongs to"));
        Cookies.clear(response, name(state));
        Instant until = departure.began().plus(LIFETIME);
        if (!departure.provider().equals(provider.value())) {
            throw stale("the sign-in began at another provider");
        }
        if (!clock.instant().isBefore(until)) {
            throw stale("it took longer than " + LIFETIME.toMinutes() + " minutes");
        }
        if (!store.write(s -> s.once().claim(PURPOSE, state, until))) {
            throw stale("the answer came twice");
        }
        return departure;
    }

    /// Whether the browser showed one, and it waits for this state.
    Optional<Departure> find(ServerRequest request, Tenant tenant, String state) {
        return Cookies.read(request, name(state))
                .flatMap(cookie -> sealer.open(cookie, tenant.id().value()))
                .flatMap(Departures::inflate)
                .map(plain -> Departure.parse(new String(plain, StandardCharsets.UTF_8)))
                .filter(departure -> departure.state().equals(state));
    }

    private static UpstreamFault stale(String why) {
        return new UpstreamFault(Kind.STALE, why);
    }

    private static String name(String state) {
        return COOKIE + Math.floorMod(state.hashCode(), SLOTS);
    }

    private static byte[] deflate(byte[] plain) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(plain);
            deflater.finish();
            byte[] out = new byte[plain.length + 64];
            int length = deflater.deflate(out);
            return Arrays.copyOf(out, length);
        } finally {
            deflater.end();
        }
    }

    private static Optional<byte[]> inflate(byte[] compressed) {
        var inflater = new Inflater(true);
        try {
            inflater.setInput(compressed);
            var out = new ByteArrayOutputStream();
            byte[] part = new byte[4096];
            while (!inflater.finished() && out.size() <= PLAIN_MAX) {
                int length = inflater.inflate(part);
                if (length == 0) {
                    return Optional.empty();
                }
                out.write(part, 0, length);
            }
            return inflater.finished() ? Optional.of(out.toByteArray()) : Optional.empty();
        } catch (DataFormatException e) {
            return Optional.empty();
        } finally {
            inflater.end();
        }
    }
}
