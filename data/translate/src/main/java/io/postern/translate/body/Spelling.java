package io.postern.translate.body;

/// How a URL is written where it stands, so that it is read as what it is.
enum Spelling {
    /// In an attribute, quoted or not: the URL has no blanks.
    HTML,
    /// In CSS. Quotes and brackets would end it and are percent-encoded.
    CSS,
    /// In CSS in an attribute.
    CSS_IN_HTML,
    /// In quotes, in a script or JSON; `\/` where the original has it.
    TEXT,
    /// As the value of a parameter of another URL, in an attribute.
    PERCENT;

    private static final String UNRESERVED = "-._~";

    /// @param raw what is replaced, up to `end`
    String spell(String url, byte[] raw, int end) {
        String plain = harmless(url);
        return switch (this) {
            case HTML -> escaped(plain);
            case CSS -> bare(plain);
            case CSS_IN_HTML -> escaped(bare(plain));
            case TEXT -> holdsEscapedSlash(raw, end) ? bare(plain).replace("/", "\\/") : bare(plain);
            case PERCENT -> percent(plain);
        };
    }

    /// No published URL holds these; one that did would end the value it stands in.
    private static String harmless(String url) {
        for (int i = 0; i < url.length(); i++) {
            if (url.charAt(i) <= ' ' || "\"<>`\\".indexOf(url.charAt(i)) >= 0) {
                return url.replace("\"", "%22")
                        .replace("<", "%3C")
                        .replace(">", "%3E")
                        .replace("`", "%60")
                        .replace("\\", "%5C")
                        .replaceAll("[\\x00- ]", "%20");
            }
        }
        return url;
    }

    private static String escaped(String url) {
        return url.indexOf('&') < 0 && url.indexOf('\'') < 0
                ? url
                : url.replace("&", "&amp;").replace("'", "&#39;");
    }

    private static String bare(String url) {
        return url.indexOf('\'') < 0 && url.indexOf('(') < 0 && url.indexOf(')') < 0
                ? url
                : url.replace("'", "%27").replace("(", "%28").replace(")", "%29");
    }

    private static boolean holdsEscapedSlash(byte[] raw, int end) {
        for (int i = 1; i < end; i++) {
            if (raw[i] == '/' && raw[i - 1] == '\\') {
                return true;
            }
        }
        return false;
    }

    private static String percent(String url) {
        var out = new StringBuilder(url.length() + 16);
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }
}
