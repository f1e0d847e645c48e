package io.postern.translate;

import java.util.Optional;

/// Translates fields that say which origins may do something: `Content-Security-Policy` and those of CORS.
/// Beyond the original, and a switch of its own ([LinkPlace#POLICY]).
public final class PolicyField {
    private static final String SEPARATORS = " \t;,";

    private PolicyField() {}

    /// Every source that is a published server inside becomes the one outside; all else stays.
    public static String outward(String value, LinkRules rules) {
        var out = new StringBuilder(value.length() + 32);
        int at = 0;
        while (at < value.length()) {
            int end = at;
            while (end < value.length() && SEPARATORS.indexOf(value.charAt(end)) < 0) {
                end++;
            }
            out.append(source(value.substring(at, end), rules));
            if (end < value.length()) {
                out.append(value.charAt(end));
            }
            at = end + 1;
        }
        return out.toString();
    }

    /// With scheme, or a name with a dot (CSP 3 §2.3.1); `'self'`, `data:` and names of directives are none.
    private static String source(String source, LinkRules rules) {
        if (source.contains("://")) {
            return translated(source, source, rules).orElse(source);
        }
        boolean isName = source.indexOf('.') > 0 && source.charAt(0) != '\'' && source.charAt(0) != '*';
        return isName ? translated("//" + source, source, rules).orElse(source) : source;
    }

    private static Optional<String> translated(String url, String source, LinkRules rules) {
        return rules.outward(url, LinkPlace.POLICY)
                .map(found ->
                        found.replacement() + source.substring(found.length() - (url.length() - source.length())));
    }
}
