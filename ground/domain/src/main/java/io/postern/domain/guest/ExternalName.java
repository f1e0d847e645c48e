package io.postern.domain.guest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The sign-in name of somebody from elsewhere, `alice_partner.example#ext#@contoso.example` (4.2): nobody's
/// name elsewhere, and it shows where he comes from.
public final class ExternalName {
    private static final String MARK = "#ext#";

    // 64 characters before the at sign, the mark among them
    private static final Pattern FORM = Pattern.compile("[a-z0-9'._!^~-]{1,59}");

    private ExternalName() {}

    /// @param address sign-in name or mail address there; one that is too long, or has letters that no name
    /// here has,
    ///     is told apart by its digest
    /// @param home domain of the tenant
    public static String of(String address, String home) {
        return of(address, address.strip().toLowerCase(Locale.ROOT), home);
    }

    /// @param otherwise what tells this person apart where the address cannot
    public static String of(String address, String otherwise, String home) {
        String name = address.strip().toLowerCase(Locale.ROOT).replace('@', '_');
        boolean fits = FORM.matcher(name).matches() && !name.startsWith(".") && !name.contains("..");
        return (fits ? name : "user_" + digest(otherwise)) + MARK + "@" + home;
    }

    public static boolean isOne(String userPrincipalName) {
        return userPrincipalName.toLowerCase(Locale.ROOT).contains(MARK + "@");
    }

    /// `alice@partner.example` of `alice_partner.example#ext#@contoso.example`; empty for any other name,
    /// and for one that does not tell. A domain holds no underscore, so the last one stood for the at sign.
    public static Optional<String> addressOf(String userPrincipalName) {
        String lower = userPrincipalName.strip().toLowerCase(Locale.ROOT);
        int mark = lower.indexOf(MARK + "@");
        int at = mark < 0 ? -1 : lower.lastIndexOf('_', mark);
        return at <= 0 ? Optional.empty() : Optional.of(lower.substring(0, at) + "@" + lower.substring(at + 1, mark));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
