package io.postern.saml;

import io.postern.saml.xml.Limits;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SafeXml;
import io.postern.saml.xml.XmlSigner;
import io.postern.saml.xml.XmlVerifier;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/// HTTP-Redirect (SAML bindings 3.4): a message in the query, compressed, with a signature over the query's
/// own octets.
public final class RedirectBinding {
    private static final int QUERY_MAX = 64 * 1024; // characters

    /// A message as it came.
    public static final class Received {
        private final Element root;
        private final Optional<String> relayState;
        private final Optional<Signature> signature;

        /// @param signed the part of the query that the signature is over
        private record Signature(String signed, String value, String algorithm) {}

        private Received(Element root, Optional<String> relayState, Optional<Signature> signature) {
            this.root = root;
            this.relayState = relayState;
            this.signature = signature;
        }

        public Element root() {
            return root;
        }

        public Optional<String> relayState() {
            return relayState;
        }

        public boolean isSigned() {
            return signature.isPresent();
        }

        /// @throws RefusedMessage when it is unsigned, or the signature is of none of the verifier's keys
        public void verify(XmlVerifier verifier) throws RefusedMessage {
            if (signature.isEmpty()) {
                throw new RefusedMessage(Refusal.UNSIGNED);
            }
            Signature s = signature.get();
            verifier.verify(s.signed().getBytes(StandardCharsets.UTF_8), base64(s.value()), s.algorithm());
        }
    }

    private RedirectBinding() {}

    /// @param parameter `SAMLRequest` or `SAMLResponse`
    /// @param rawQuery as it stands on the request line: the signature is over its octets
    public static Received read(String rawQuery, String parameter) throws RefusedMessage {
        if (rawQuery.length() > QUERY_MAX) {
            throw new RefusedMessage(Refusal.OVERSIZE, "query of " + rawQuery.length() + " characters");
        }
        Map<String, String> raw = parameters(rawQuery);
        String message = raw.get(parameter);
        if (message == null) {
            throw new RefusedMessage(Refusal.MISSING, parameter);
        }
        byte[] xml = inflate(base64(decode(message)));
        return new Received(
                SafeXml.parse(xml, Limits.MESSAGE),
                Optional.ofNullable(raw.get("RelayState")).map(RedirectBinding::decodeLeniently),
                signature(raw, parameter, message));
    }

    /// The query of a redirect.
    ///
    /// @param signer null leaves the message unsigned
    public static String write(
            String parameter, Element message, Optional<String> relayState, @Nullable XmlSigner signer) {
        String xml = Markup.write(message);
        var query = new StringBuilder(parameter)
                .append('=')
                .append(encode(Base64.getEncoder().encodeToString(deflate(xml.getBytes(StandardCharsets.UTF_8)))));
        relayState.ifPresent(state -> query.append("&RelayState=").append(encode(state)));
        if (signer != null) {
            query.append("&SigAlg=").append(encode(signer.algorithm().uri()));
            byte[] value = signer.sign(query.toString().getBytes(StandardCharsets.UTF_8));
            query.append("&Signature=").append(encode(Base64.getEncoder().encodeToString(value)));
        }
        return query.toString();
    }

    private static Optional<Received.Signature> signature(Map<String, String> raw, String parameter, String message)
            throws RefusedMessage {
        String value = raw.get("Signature");
        String algorithm = raw.get("SigAlg");
        if (value == null && algorithm == null) {
            return Optional.empty();
        }
        if (value == null || algorithm == null) {
            throw new RefusedMessage(Refusal.MISSING, value == null ? "Signature" : "SigAlg");
        }
        // in the order of the specification, whatever order they came in; the values untouched
        String relayState = raw.get("RelayState");
        String signed = parameter + "=" + message + (relayState == null ? "" : "&RelayState=" + relayState) + "&SigAlg="
                + algorithm;
        return Optional.of(new Received.Signature(signed, decode(value), decode(algorithm)));
    }

    private static Map<String, String> parameters(String rawQuery) throws RefusedMessage {
        var raw = new LinkedHashMap<String, String>();
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String previous = raw.putIfAbsent(decodeLeniently(name), equals < 0 ? "" : pair.substring(equals + 1));
            if (previous != null) {
                throw new RefusedMessage(Refusal.REPEATED_PARAMETER, name);
            }
        }
        return raw;
    }

    private static byte[] inflate(byte[] compressed) throws RefusedMessage {
        var out = new ByteArrayOutputStream(4096);
        var inflater = new Inflater(true);
        try {
            inflater.setInput(compressed);
            byte[] part = new byte[4096];
            while (!inflater.finished()) {
                int length = inflater.inflate(part);
                if (length == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new RefusedMessage(Refusal.NOT_DEFLATED, "ends early");
                }
                out.write(part, 0, length);
                if (out.size() > Limits.MESSAGE.octets()) {
                    throw new RefusedMessage(
                            Refusal.INFLATES_TOO_FAR, "at most " + Limits.MESSAGE.octets() + " octets");
                }
            }
            if (inflater.getRemaining() > 0) {
                throw new RefusedMessage(Refusal.NOT_DEFLATED, inflater.getRemaining() + " octets too many");
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new RefusedMessage(Refusal.NOT_DEFLATED, String.valueOf(e.getMessage()));
        } finally {
            inflater.end();
        }
    }

    private static byte[] deflate(byte[] octets) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(octets);
            deflater.finish();
            byte[] out = new byte[octets.length + 64];
            int length = deflater.deflate(out);
            return Arrays.copyOf(out, length);
        } finally {
            deflater.end();
        }
    }

    /// White space is left out: some senders break lines.
    static byte[] base64(String text) throws RefusedMessage {
        try {
            return Base64.getDecoder().decode(text.replaceAll("[ \\t\\r\\n]", ""));
        } catch (IllegalArgumentException e) {
            throw new RefusedMessage(Refusal.NOT_BASE64);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) throws RefusedMessage {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RefusedMessage(Refusal.BAD_VALUE, "percent-encoding");
        }
    }

    /// For what we only carry or compare: badly encoded, it stays as it is.
    private static String decodeLeniently(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
