package io.postern.identity.factor;

import io.postern.web.Json;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/// An authenticator and its browser in software (WebAuthn Level 3 §5.8, §6.1): says what it is told to say, right or
/// wrong. ES256, no attestation.
public final class SoftKey {
    static final int PRESENT = 0x01;
    static final int VERIFIED = 0x04;
    static final int COPYABLE = 0x08;
    static final int COPIED = 0x10;
    private static final int ATTESTED = 0x40;
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    /// What a hostile browser or authenticator does differently.
    String origin;
    String rpId = "login.postern.localhost";
    String type = "";
    String handle = "";
    int flags = PRESENT | VERIFIED;
    int algorithm = -7; // ES256
    long counter;
    byte[] id = new byte[16];
    boolean crossOrigin;
    /// Written over the flags after they were signed; negative for nothing.
    int flagsAfterwards = -1;

    KeyPair pair = pair();

    public SoftKey(String origin) {
        this.origin = origin;
        new SecureRandom().nextBytes(id);
    }

    static KeyPair pair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The answer to a request for a new passkey.
    public String made(String challenge) {
        var object = new ByteArrayOutputStream();
        object.write(0xa3); // a map of three
        text(object, "fmt");
        text(object, "none");
        text(object, "attStmt");
        object.write(0xa0);
        text(object, "authData");
        bytes(object, authenticatorData(true));
        ObjectNode answer = answer();
        answer.putObject("response")
                .put("clientDataJSON", TEXT.encodeToString(clientData("webauthn.create", challenge)))
                .put("attestationObject", TEXT.encodeToString(object.toByteArray()))
                .putArray("transports");
        return answer.toString();
    }

    /// The answer to a request to prove it.
    public String proves(String challenge) {
        counter++;
        byte[] data = authenticatorData(false);
        byte[] client = clientData("webauthn.get", challenge);
        byte[] signature = sign(data, client);
        if (flagsAfterwards >= 0) {
            data[32] = (byte) flagsAfterwards;
        }
        ObjectNode answer = answer();
        ObjectNode response = answer.putObject("response")
                .put("clientDataJSON", TEXT.encodeToString(client))
                .put("authenticatorData", TEXT.encodeToString(data))
                .put("signature", TEXT.encodeToString(signature));
        if (!handle.isEmpty()) {
            response.put("userHandle", handle);
        }
        return answer.toString();
    }

    private ObjectNode answer() {
        ObjectNode answer = Json.MAPPER.createObjectNode();
        answer.put("id", TEXT.encodeToString(id))
                .put("rawId", TEXT.encodeToString(id))
                .put("type", "public-key")
                .putObject("clientExtensionResults");
        return answer;
    }

    private byte[] clientData(String usual, String challenge) {
        return Json.MAPPER
                .createObjectNode()
                .put("type", type.isEmpty() ? usual : type)
                .put("challenge", challenge)
                .put("origin", origin)
                .put("crossOrigin", crossOrigin)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] authenticatorData(boolean attested) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(digest(rpId.getBytes(StandardCharsets.UTF_8)));
        out.write(flags | (attested ? ATTESTED : 0));
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) counter).array());
        if (attested) {
            out.writeBytes(new byte[16]); // no make
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) id.length).array());
            out.writeBytes(id);
            publicKey(out);
        }
        return out.toByteArray();
    }

    /// RFC 9053 §7.1.1.
    private void publicKey(ByteArrayOutputStream out) {
        var point = ((ECPublicKey) pair.getPublic()).getW();
        out.writeBytes(new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03}); // kty: EC2, alg:
        integer(out, algorithm);
        out.writeBytes(new byte[] {0x20, 0x01, 0x21}); // crv: P-256, x:
        bytes(out, fixed(point.getAffineX()));
        out.write(0x22); // y:
        bytes(out, fixed(point.getAffineY()));
    }

    private byte[] sign(byte[] data, byte[] client) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(data);
            signature.update(digest(client));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] digest(byte[] of) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(of);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] fixed(BigInteger number) {
        byte[] all = number.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(all.length, 32);
        System.arraycopy(all, all.length - length, fixed, 32 - length, length);
        return fixed;
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(0x60 | bytes.length);
        out.writeBytes(bytes);
    }

    private static void bytes(ByteArrayOutputStream out, byte[] bytes) {
        out.write(0x59); // a length of two bytes
        out.writeBytes(ByteBuffer.allocate(2).putShort((short) bytes.length).array());
        out.writeBytes(bytes);
    }

    private static void integer(ByteArrayOutputStream out, int number) {
        int magnitude = number < 0 ? -1 - number : number;
        int major = number < 0 ? 0x20 : 0;
        if (magnitude < 24) {
            out.write(major | magnitude);
        } else {
            out.write(major | 25);
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) magnitude).array());
        }
    }
}
