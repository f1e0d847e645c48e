package io.postern.identity.factor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Time-based one-time passwords (RFC 6238): six digits, 30 seconds, HMAC-SHA1, which is what every generator can do.
public final class Totp {
    public static final int DIGITS = 6;
    static final int STEP_SECONDS = 30;

    private static final int SECRET_BYTES = 20; // RFC 4226 §4 R6 recommends 160 bits
    private static final int STEPS_AROUND = 1; // RFC 6238 §5.2: for the way and for clocks that are a little off
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final Pattern CODE = Pattern.compile("[0-9]{6}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Totp() {}

    /// A fresh secret in base 32, as generators take it.
    public static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return base32(bytes);
    }

    /// The time step that `typed` is the password of, newer than `usedStep`; empty when it is of none around `now`.
    /// Each step counts once (RFC 6238 §5.2): hand the result in the next time.
    public static OptionalLong step(String secret, String typed, Instant now, long usedStep) {
        String code = typed.replaceAll("\\s", "");
        if (!CODE.matcher(code).matches()) {
            return OptionalLong.empty();
        }
        byte[] key = bytes(secret);
        long current = step(now);
        OptionalLong found = OptionalLong.empty();
        for (long step = current - STEPS_AROUND; step <= current + STEPS_AROUND; step++) {
            if (step > usedStep && code(key, step, "HmacSHA1", DIGITS).equals(code)) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    /// The time step of `now`.
    public static long step(Instant now) {
        return now.getEpochSecond() / STEP_SECONDS;
    }

    /// The password of the moment, as a generator shows it.
    public static String at(String secret, Instant now) {
        return code(bytes(secret), step(now), "HmacSHA1", DIGITS);
    }

    /// What generators read from the QR code.
    public static String link(String issuer, String account, String secret) {
        return "otpauth://totp/" + encode(issuer) + ":" + encode(account) + "?secret=" + secret + "&issuer="
                + encode(issuer) + "&algorithm=SHA1&digits=" + DIGITS + "&period=" + STEP_SECONDS;
    }

    /// RFC 4226 §5.3.
    static String code(byte[] key, long step, String algorithm, int digits) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            byte[] hash =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int offset = hash[hash.length - 1] & 0x0f;
            int number = ByteBuffer.wrap(hash).getInt(offset) & 0x7fff_ffff;
            long modulus = Math.powExact(10L, digits);
            return String.format(Locale.ROOT, "%0" + digits + "d", number % modulus);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA", e);
        }
    }

    private static String base32(byte[] bytes) {
        var text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte b : bytes) {
            buffer = (buffer << 8) | (b & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE32.charAt((buffer >> bits) & 31));
            }
        }
        return text.toString(); // 160 bits are 32 letters, nothing is left over
    }

    private static byte[] bytes(String base32) {
        var bytes = new ByteArrayOutputStream();
        int buffer = 0;
        int bits = 0;
        for (int i = 0; i < base32.length(); i++) {
            buffer = (buffer << 5) | BASE32.indexOf(base32.charAt(i));
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.write(buffer >> bits);
            }
        }
        return bytes.toByteArray();
    }

    private static String encode(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
    }
}
