package io.postern.saml;

import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import java.security.SecureRandom;
import java.util.HexFormat;

/// IDs of messages and assertions (xs:ID: no digit in front).
public final class MessageId {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CHARACTERS_MAX = 256; // it travels back in InResponseTo and in logs

    private MessageId() {}

    /// 160 random bits.
    public static String random() {
        byte[] bytes = new byte[20];
        RANDOM.nextBytes(bytes);
        return "_" + HexFormat.of().formatHex(bytes);
    }

    static String checked(String id) throws RefusedMessage {
        boolean good = id.length() <= CHARACTERS_MAX
                && (Character.isLetter(id.charAt(0)) || id.charAt(0) == '_')
                && id.chars().allMatch(c -> Character.isLetterOrDigit(c) || "_-.".indexOf(c) >= 0);
        if (!good) {
            throw new RefusedMessage(Refusal.BAD_ID, id);
        }
        return id;
    }
}
