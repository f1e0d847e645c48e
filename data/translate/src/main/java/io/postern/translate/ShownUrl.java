package io.postern.translate;

/// A URL as reports may show it: without query, fragment, user information and parameters of its path; parts that
/// look like ids or tokens are blanked. What is left of two links that differ only in these is one.
public final class ShownUrl {
    private static final int LENGTH_MAX = 300;
    private static final int ID_LENGTH = 24;
    private static final String BLANK = "…";

    private ShownUrl() {}

    /// @param url absolute, or a path
    public static String of(String url) {
        boolean isPath = url.startsWith("/") && !url.startsWith("//");
        int authority = isPath ? 1 : url.indexOf("//") + 2;
        int path = authority < 2 ? 0 : firstOf(url, authority, "/?#\\");
        int at = url.lastIndexOf('@', path - 1);
        var shown = new StringBuilder(Math.min(url.length(), LENGTH_MAX));
        if (authority >= 2) {
            shown.append(url, 0, authority)
                    .append(at >= authority ? BLANK + "@" : "")
                    .append(url, Math.max(authority, at + 1), path);
        }
        int end = firstOf(url, path, "?#");
        while (path < end) {
            int next = path + 1;
            while (next < end && url.charAt(next) != '/') {
                next++;
            }
            part(url, path, next, shown);
            path = next;
        }
        return printable(shown);
    }

    private static void part(String url, int from, int to, StringBuilder out) {
        int end = from;
        boolean digit = false;
        while (end < to && url.charAt(end) != ';') {
            digit |= Character.isDigit(url.charAt(end));
            end++;
        }
        if (digit && end - from > ID_LENGTH) {
            out.append(url.charAt(from) == '/' ? "/" : "").append(BLANK);
        } else {
            out.append(url, from, end);
        }
        if (end < to) {
            out.append(';').append(BLANK);
        }
    }

    private static int firstOf(String text, int from, String marks) {
        int at = from;
        while (at < text.length() && marks.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static String printable(StringBuilder text) {
        if (text.length() > LENGTH_MAX) {
            text.setLength(LENGTH_MAX);
            text.append(BLANK);
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }
}
