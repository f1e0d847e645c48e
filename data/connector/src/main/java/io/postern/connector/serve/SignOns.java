package io.postern.connector.serve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The ways in which this connector can sign users in at backends.
public record SignOns(Map<String, SignOn> ways) {
    public SignOns {
        ways = Map.copyOf(ways);
    }

    public static SignOns of(List<SignOn> ways) {
        return new SignOns(ways.stream().collect(Collectors.toUnmodifiableMap(SignOn::way, Function.identity())));
    }

    /// A value of `postern-sign-on` (docs/protocol/tunnel.md §4), read.
    record Wanted(String way, Map<String, String> parameters) {
        /// @throws IllegalArgumentException when it is none
        static Wanted parse(CharSequence value) {
            List<String> words = List.of(value.toString().split(" ", -1));
            var parameters = new HashMap<String, String>();
            for (String word : words.subList(1, words.size())) {
                int equals = word.indexOf('=');
                if (equals < 1
                        || parameters.put(word.substring(0, equals), decode(word.substring(equals + 1))) != null) {
                    throw new IllegalArgumentException("postern-sign-on is malformed");
                }
            }
            return new Wanted(words.getFirst(), parameters);
        }

        private static String decode(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }

    Optional<SignOn> way(String name) {
        return Optional.ofNullable(ways.get(name));
    }
}
