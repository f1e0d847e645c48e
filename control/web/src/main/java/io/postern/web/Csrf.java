package io.postern.web;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// Refuses forms that another site made the browser send: a random cookie, a sealed token in the form
/// that is bound to that cookie and to the form's purpose, and the browser's own word about where the
/// request comes from (Origin, Sec-Fetch-Site). Holds for the sign-in form too (login CSRF).
public final class Csrf {
    public static final String FIELD = "csrf";
    public static final String COOKIE = "__Host-postern-csrf";

    /// A sign-in page may stay open over a working day.
    static final Duration LIFETIME = Duration.ofHours(12);

    private static final HeaderName SEC_FETCH_SITE = HeaderNames.create("sec-fetch-site");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Sealer sealer;
    private final Clock clock;

    public Csrf(KeyRing ring, Clock clock) {
        this.sealer = new Sealer(ring, "csrf");
        this.clock = clock;
    }

    /// The token to put into the form's field; sets the cookie when the browser has none.
    public String token(HttpRequest request, ServerResponse response, String form) {
        String cookie = cookie(request, response);
        byte[] plain = ByteBuffer.allocate(Long.BYTES + 32)
                .putLong(clock.instant().plus(LIFETIME).getEpochSecond())
                .put(digest(cookie))
                .array();
        return sealer.seal(plain, form);
    }

    /// A name for this browser that only we can tell, to bind what a form carries to it; sets the cookie when there is
    /// none.
    public String browser(HttpRequest request, ServerResponse response) {
        return HexFormat.of().formatHex(digest("browser " + cookie(request, response)));
    }

    /// One fresh cookie for each answer, however many forms it has.
    private static String cookie(HttpRequest request, ServerResponse response) {
        return Cookies.read(request, COOKIE)
                .or(() -> Cookies.readSet(response, COOKIE))
                .orElseGet(() -> {
                    byte[] random = new byte[24];
                    RANDOM.nextBytes(random);
                    String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
                    Cookies.set(response, COOKIE, fresh);
                    return fresh;
                });
    }

    /// True when the form was ours, shown to this browser, not too long ago.
    public boolean accepts(HttpRequest request, String form, Parameters parameters) {
        Optional<String> cookie = Cookies.read(request, COOKIE);
        Optional<byte[]> plain = parameters.one(FIELD).flatMap(token -> sealer.open(token, form));
        if (cookie.isEmpty() || plain.isEmpty() || !isFromOurselves(request)) {
            return false;
        }
        ByteBuffer content = ByteBuffer.wrap(plain.get());
        Instant expires = Instant.ofEpochSecond(content.getLong());
        byte[] bound = new byte[32];
        content.get(bound);
        return clock.instant().isBefore(expires) && MessageDigest.isEqual(bound, digest(cookie.get()));
    }

    /// What the browser says, where it says something. Old ones say nothing: then the token decides.
    public static boolean isFromOurselves(HttpRequest request) {
        Optional<String> site = request.headers().first(SEC_FETCH_SITE);
        if (site.isPresent() && !site.get().equals("same-origin") && !site.get().equals("none")) {
            return false;
        }
        Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
        return origin.isEmpty() || origin.get().equals(RequestFacts.of(request).origin());
    }

    private static byte[] digest(String cookie) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(cookie.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
