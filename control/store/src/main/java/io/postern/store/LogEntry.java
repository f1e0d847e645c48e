package io.postern.store;

import io.postern.domain.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/// An entry of a log, as it stands in its chain.
///
/// @param number in its chain, from 1, without a gap
/// @param text JSON as the API shows it
/// @param hash over the hash before, the number and the text, hex
public record LogEntry(TenantId tenant, LogKind log, long number, Instant time, String text, String hash) {
    /// What stands before the first entry of a chain.
    public static String genesis(TenantId tenant, LogKind log) {
        return sha256("postern " + log + " of " + tenant.value());
    }

    /// @param before hash of the entry before, or [#genesis]
    public static String hash(String before, long number, String text) {
        return sha256(before + "\n" + number + "\n" + text);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
