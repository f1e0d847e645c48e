package io.postern.web;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Optional;

/// Our own cookies: `__Host-` names, so that no other host and no plain connection can set them
/// (RFC 6265bis §4.1.3.2), HttpOnly, SameSite=Lax.
public final class Cookies {
    private Cookies() {}

    /// The cookie's value; empty when it is missing, empty, or stands twice with different values.
    public static Optional<String> read(HttpRequest request, String name) {
        String found = "";
        for (String field : request.headers().values(HeaderNames.COOKIE)) {
            for (String pair : field.split(";", -1)) {
                String trimmed = pair.strip();
                if (!trimmed.startsWith(name + "=")) {
                    continue;
                }
                String value = trimmed.substring(name.length() + 1);
                if (!found.isEmpty() && !found.equals(value)) {
                    return Optional.empty(); // two readings: none is trusted
                }
                found = value;
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    /// Set until the browser ends.
    public static void set(ServerResponse response, String name, String value) {
        add(response, name + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    /// Set until `lifetime` is over.
    public static void set(ServerResponse response, String name, String value, Duration lifetime) {
        add(
                response,
                name + "=" + value + "; Path=/; Max-Age=" + lifetime.toSeconds() + "; Secure; HttpOnly; SameSite=Lax");
    }

    /// The value that this answer sets already.
    static Optional<String> readSet(ServerResponse response, String name) {
        return response.headers().values(HeaderNames.SET_COOKIE).stream()
                .filter(field -> field.startsWith(name + "="))
                .map(field -> field.substring(name.length() + 1, field.indexOf(';')))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    public static void clear(ServerResponse response, String name) {
        add(response, name + "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
    }

    private static void add(ServerResponse response, String cookie) {
        response.headers().add(io.helidon.http.HeaderValues.create(HeaderNames.SET_COOKIE, cookie));
    }
}
