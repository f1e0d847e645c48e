package io.postern.gateway.edge;

import io.netty.util.AsciiString;

/// The characters that may stand in the parts of a head. Stricter than the grammar where laxity has
/// only ever served attackers. All static tables, no state.
final class HeadRules {
    private static final boolean[] TOKEN = table("!#$%&'*+-.^_`|~", true);
    private static final boolean[] AUTHORITY = table(".-_:[]", true);

    private HeadRules() {}

    private static boolean[] table(String marks, boolean alphanumeric) {
        var table = new boolean[256];
        for (int i = 0; i < marks.length(); i++) {
            table[marks.charAt(i)] = true;
        }
        for (int c = 0; alphanumeric && c < 128; c++) {
            table[c] |= Character.isLetterOrDigit(c);
        }
        return table;
    }

    /// RFC 9110 §5.6.2.
    static boolean isTokenByte(int b) {
        return TOKEN[b & 0xff];
    }

    static boolean isToken(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127 || !TOKEN[c]) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isToken(AsciiString text) {
        byte[] bytes = text.array();
        int end = text.arrayOffset() + text.length();
        for (int i = text.arrayOffset(); i < end; i++) {
            if (!TOKEN[bytes[i] & 0xff]) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// Visible, obs-text, space and tab (RFC 9110 §5.5); never NUL, CR, LF or another control character.
    static boolean isValueByte(int b) {
        int c = b & 0xff;
        return c >= 0x20 ? c != 0x7f : c == '\t';
    }

    static boolean isValue(CharSequence text) {
        if (text instanceof AsciiString ascii) {
            return isValue(ascii);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 255 || !isValueByte(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isValue(AsciiString text) {
        byte[] bytes = text.array();
        int end = text.arrayOffset() + text.length();
        for (int i = text.arrayOffset(); i < end; i++) {
            if (!isValueByte(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    /// Visible ASCII without `#`: a fragment never travels (RFC 9112 §3.2).
    static boolean isTarget(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= 0x20 || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// Host and optional port: no user information, no percent-encoding, one port at most.
    static boolean isAuthority(CharSequence text) {
        int length = text.length();
        if (length == 0 || length > 255 + 6) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 127 || !AUTHORITY[c]) {
                return false;
            }
        }
        String authority = text.toString();
        int afterHost;
        if (authority.charAt(0) == '[') {
            afterHost = authority.indexOf(']') + 1;
            if (afterHost < 4) {
                return false;
            }
        } else {
            int colon = authority.indexOf(':');
            afterHost = colon < 0 ? length : colon;
            if (authority.indexOf('[') >= 0 || authority.indexOf(']') >= 0) {
                return false;
            }
        }
        if (afterHost == 0) {
            return false;
        }
        return afterHost == length || (authority.charAt(afterHost) == ':' && isPort(authority, afterHost + 1));
    }

    private static boolean isPort(String text, int from) {
        int digits = text.length() - from;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return digits >= 1 && digits <= 5;
    }
}
