package io.postern.identity.journal;

import io.helidon.webserver.http.ServerRequest;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The id of what a sign-in gives out. It stands in the sign-in log (5.1 `uniqueTokenIdentifier`) and in the token
/// itself, as `uti` or as the ID of the assertion, so that either leads to the other.
public final class TokenId {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BYTES = 20;

    private record Of(String value) {}

    private TokenId() {}

    /// The same for whoever asks within one request; 160 random bits, and never a digit in front (xs:ID).
    public static String of(ServerRequest request) {
        return request.context()
                .get(Of.class)
                .orElseGet(() -> {
                    byte[] bytes = new byte[RANDOM_BYTES];
                    RANDOM.nextBytes(bytes);
                    var made = new Of("_" + HexFormat.of().formatHex(bytes));
                    request.context().register(made);
                    return made;
                })
                .value();
    }
}
