package io.postern.run.connector;

import io.postern.net.dial.HttpProxy.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Strikes secrets out of text: those that are known to the letter, and whatever has the form of one. Not
/// thread-safe.
final class Strike {
    static final String MARK = "[struck out]";

    /// Shorter ones would strike out half of the text, and guard nothing.
    private static final int LENGTH_MIN = 4;

    /// Each finds a secret in its group `s`.
    private static final List<Pattern> FORMS = List.of(
            Pattern.compile("(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(?<s>.*?)(-----END|\\z)"),
            Pattern.compile("://(?<s>[^/@\\s'\"]+)@"), // user and password of a URL
            Pattern.compile(
                    "(?i)\\b(proxy-authorization|authorization|cookie|set-cookie)\\b[\"']?\\s*[:=]\\s*(?<s>[^\\r\\n]+)"),
            Pattern.compile(
                    "(?i)\\b[\\w.-]*(password|passwd|secret|token|credentials|api-?key)[\"']?\\s*[:=]\\s*(?<s>[^\\s#][^\\r\\n#]*)"),
            Pattern.compile("\\bpct1\\.(?<s>[\\w-]{43})"), // enrolment tokens
            Pattern.compile("\\b(?<s>eyJ[\\w-]{10,}\\.[\\w-]+\\.[\\w-]*)")); // JSON Web Tokens

    private final Set<String> known = new LinkedHashSet<>();
    private int count;

    void add(String secret) {
        if (secret.strip().length() >= LENGTH_MIN) {
            known.add(secret.strip());
        }
    }

    void addAll(Collection<String> secrets) {
        secrets.forEach(this::add);
    }

    /// The password, and the form in which it travels.
    void add(Credentials credentials) {
        String password = credentials.password().reveal();
        add(password);
        add(Base64.getEncoder().encodeToString((credentials.user() + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    /// How many places were struck out so far.
    int count() {
        return count;
    }

    String clean(String text) {
        String result = text;
        for (String secret : known) {
            int from = result.indexOf(secret);
            while (from >= 0) {
                count++;
                result = result.substring(0, from) + MARK + result.substring(from + secret.length());
                from = result.indexOf(secret, from + MARK.length());
            }
        }
        for (Pattern form : FORMS) {
            result = clean(result, form);
        }
        return result;
    }

    private String clean(String text, Pattern form) {
        var result = new StringBuilder();
        Matcher found = form.matcher(text);
        int from = 0;
        while (found.find()) {
            if (!found.group("s").startsWith(MARK)) {
                count++;
            }
            result.append(text, from, found.start("s")).append(MARK);
            from = found.end("s");
        }
        return result.append(text.substring(from)).toString();
    }
}
