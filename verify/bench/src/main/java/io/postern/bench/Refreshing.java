package io.postern.bench;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A program that redeems its refresh token again and again. One thread at a time.
final class Refreshing {
    private static final String REUSED = "AADSTS50173";
    private static final String ENDED = "AADSTS50132";

    private final IdentityLoad load;
    private String before = "";
    private String earlier = "";
    private String token;
    private int count;

    Refreshing(IdentityLoad load, String first) {
        this.load = load;
        this.token = first;
    }

    int count() {
        return count;
    }

    /// @throws IllegalStateException when no successor comes
    void refresh() {
        JsonNode answer = redeem(token);
        String next = answer.path("refresh_token").asString("");
        if (next.isEmpty() || next.equals(token)) {
            throw new IllegalStateException("no successor: " + answer);
        }
        earlier = before;
        before = token;
        token = next;
        count++;
    }

    /// The newest token holds; one that was used long ago is refused and ends the family, the newest one too.
    ///
    /// @throws IllegalStateException when it is not so
    void check() {
        refresh();
        refresh();
        expect(earlier, REUSED);
        expect(token, ENDED);
    }

    private void expect(String used, String code) {
        String said = redeem(used).path("error_description").asString("");
        if (!said.startsWith(code)) {
            throw new IllegalStateException("expected " + code + ", got " + said);
        }
    }

    private JsonNode redeem(String used) {
        return load.token(Map.of("grant_type", "refresh_token", "refresh_token", used));
    }
}
