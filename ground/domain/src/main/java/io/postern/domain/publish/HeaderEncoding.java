package io.postern.domain.publish;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// How a text becomes the value of a header field, which is one line of ASCII (RFC 9110 §5.5). In none of them
/// can a value end the line, or a part of a list pass for two.
public enum HeaderEncoding {
    /// UTF-8 with `%XX` for what is no visible ASCII, for `%` itself and for the separator; most values stay as
    /// they are, and all can be read back.
    PERCENT("percent"),
    /// UTF-8 in Base64 with padding, whatever is in it; of a list each part by itself.
    BASE64("base64"),
    /// As it is; a user whose value is not visible ASCII, or contains the separator of a list, is refused.
    ASCII("ascii");

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final char NO_SEPARATOR = 0;

    private final String text;

    HeaderEncoding(String text) {
        this.text = text;
    }

    /// As the API writes it.
    public String text() {
        return text;
    }

    public static Optional<HeaderEncoding> of(String text) {
        return Arrays.stream(values()).filter(one -> one.text.equals(text)).findFirst();
    }

    /// @return empty when it cannot be said so
    Optional<String> whole(String value) {
        return part(value, NO_SEPARATOR);
    }

    /// A part of a list.
    Optional<String> part(String value, char separator) {
        return switch (this) {
            case PERCENT -> Optional.of(percent(value, separator));
            case BASE64 -> Optional.of(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
            case ASCII -> isPlain(value, separator) ? Optional.of(value) : Optional.empty();
        };
    }

    private static String percent(String value, char separator) {
        if (isPlain(value, separator) && value.indexOf('%') < 0) {
            return value;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        var out = new StringBuilder(bytes.length * 2);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            boolean edge = i == 0 || i == bytes.length - 1; // recipients cut spaces there
            if ((b > ' ' && b < 0x7f && b != '%' && b != separator) || (b == ' ' && !edge && separator != ' ')) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.toHexDigits(b));
            }
        }
        return out.toString();
    }

    private static boolean isPlain(String value, char separator) {
        return value.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != separator)
                && !value.startsWith(" ")
                && !value.endsWith(" ");
    }
}
