package io.postern.account;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/// The list of passwords that attackers try first, shipped with us; and the disguises that people give them, taken off.
final class WeakPasswords {
    private static final String RESOURCE = "weak-passwords.txt";

    private WeakPasswords() {}

    /// One a line, lower case; lines that begin with `#` are remarks.
    static Set<String> read() {
        try (InputStream in = WeakPasswords.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + RESOURCE);
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The word behind `P@$$w0rd!` and `password2026`: letters for look-alikes, nothing at the end that is no letter.
    static String plain(String folded) {
        String end = folded.replaceAll("[^\\p{L}@$]+$", "");
        return end.replace('0', 'o')
                .replace('1', 'i')
                .replace('3', 'e')
                .replace('4', 'a')
                .replace('5', 's')
                .replace('7', 't')
                .replace('@', 'a')
                .replace('$', 's')
                .replace('!', 'i');
    }
}
