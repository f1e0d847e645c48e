package io.postern.run.connector.release;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// One release, as whoever made it vouches for it. On paper: a JSON object, and behind it one line with an Ed25519
/// signature over every byte before that line. Nothing of the object is looked at before the signature is known to
/// be good, so there is no canonical form to get wrong.
///
/// @param url of the archive: absolute, or relative to the manifest's own place
/// @param size of the archive, bytes
/// @param sha256 of the archive, lower-case hex
/// @param issued when it was signed; for people
public record Manifest(Version version, String url, long size, String sha256, Instant issued) {
    /// Of the whole text; a real one has 400 bytes.
    public static final int BYTES_MAX = 64 * 1024;

    /// Of an archive; a real one has 12 MB.
    public static final long ARCHIVE_BYTES_MAX = 256L * 1024 * 1024;

    private static final int FORMAT = 1;
    private static final String PRODUCT = "postern-connector";
    private static final String SIGNATURE = "\nsignature: ed25519 ";
    private static final int SIGNATURE_BYTES = 64;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public Manifest {
        if (size < 1 || size > ARCHIVE_BYTES_MAX) {
            throw new IllegalArgumentException("size is " + size + "; 1 to " + ARCHIVE_BYTES_MAX + " are allowed");
        }
        if (sha256.length() != 64
                || !HexFormat.of().withLowerCase().formatHex(bytes(sha256)).equals(sha256)) {
            throw new IllegalArgumentException("sha256 must have 64 hexadecimal digits in lower case");
        }
        if (url.isBlank() || url.length() > 2_000) {
            throw new IllegalArgumentException("url must have 1 to 2000 characters");
        }
    }

    public String sign(PrivateKey key) {
        String text = JSON.writeValueAsString(JSON.createObjectNode()
                .put("format", FORMAT)
                .put("product", PRODUCT)
                .put("version", version.toString())
                .put("url", url)
                .put("size", size)
                .put("sha256", sha256)
                .put("issued", issued.toString()));
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return text + SIGNATURE + Base64.getEncoder().encodeToString(signature.sign()) + "\n";
        } catch (GeneralSecurityException e) {
            throw new ReleaseFault("the manifest cannot be signed (" + e.getMessage() + ")", e);
        }
    }

    /// @throws ReleaseFault when the signature is not the key's, or what is signed is no manifest of this product
    public static Manifest verify(byte[] text, PublicKey key) {
        if (text.length > BYTES_MAX) {
            throw new ReleaseFault("the manifest is larger than " + BYTES_MAX + " bytes");
        }
        // a character for a byte, so that places in the text are places in the bytes
        String latin = new String(text, StandardCharsets.ISO_8859_1);
        int mark = latin.lastIndexOf(SIGNATURE);
        if (mark < 0 || !latin.endsWith("\n")) {
            throw new ReleaseFault("the manifest bears no signature; sign it with 'postern release sign'");
        }
        String claimed = latin.substring(mark + SIGNATURE.length(), latin.length() - 1);
        if (!isSigned(text, mark, claimed, key)) {
            throw new ReleaseFault("the manifest's signature is not that of the key that was configured");
        }
        return read(new String(text, 0, mark, StandardCharsets.UTF_8));
    }

    private static boolean isSigned(byte[] text, int end, String claimed, PublicKey key) {
        try {
            byte[] bytes = Base64.getDecoder().decode(claimed);
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(text, 0, end);
            return bytes.length == SIGNATURE_BYTES && signature.verify(bytes);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Manifest read(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            if (node.path("format").asInt(0) != FORMAT) {
                throw new ReleaseFault("the manifest has format " + node.path("format") + ", this program knows "
                        + FORMAT + "; install the updater of a newer package");
            }
            if (!node.path("product").asString("").equals(PRODUCT)) {
                throw new ReleaseFault("the manifest is of product " + node.path("product") + ", not of " + PRODUCT);
            }
            return new Manifest(
                    Version.parse(node.path("version").asString("")),
                    node.path("url").asString(""),
                    node.path("size").asLong(0),
                    node.path("sha256").asString(""),
                    Instant.parse(node.path("issued").asString("")));
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            throw new ReleaseFault("the manifest is signed, but not understood (" + e.getMessage() + ")", e);
        }
    }

    private static byte[] bytes(String hex) {
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
