package io.postern.saml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.saml.metadata.SpMetadata;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Limits;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SafeXml;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/// Messages broken at random, seeds fixed: whatever comes, the answer is a message or a refusal, no other
/// exception; what a changed response says is what the provider signed; and what is written reads as it was.
final class MessageFuzzTest {
    private static final int ROUNDS = 3_000;
    private static final String[] PIECES = {
        "<",
        ">",
        "&",
        "\"",
        "'",
        "/>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x?>",
        "<!DOCTYPE",
        "xmlns=\"",
        "ID=\"",
        "#",
        "\u0000",
        "\uFFFE",
        "\uD800",
        "é",
        "&#0;",
        "&#x41;",
        "&amp;",
        "<ds:Signature/>",
        "</saml:Assertion>",
        " "
    };

    @Test
    void anyChangeOfASignedResponseIsRefusedOrChangesNothingSigned() {
        var random = new Random(20261122);
        String xml = Markup.write(
                Site.response(Site.assertion()).write(Site.signer(Site.PROVIDER), Response.Signed.BOTH, null));
        for (int round = 0; round < ROUNDS; round++) {
            String broken = broken(xml, random);
            try {
                Assertion read = new Site().read(base64(broken), Site.expectations());
                assertEquals(Site.USER, read.subject().value(), broken);
                assertEquals(java.util.List.of(Site.AUDIENCE), read.audiences(), broken);
            } catch (RefusedMessage e) {
                assertTrue(e.getMessage().length() <= 301, e.getMessage());
            }
        }
    }

    @Test
    void requestsMetadataAndQueriesGiveMessagesOrRefusals() {
        var random = new Random(42);
        String request = Markup.write(AuthnRequest.of(Header.of(Site.NOW, Site.ISSUER, Site.AUDIENCE), Site.ACS)
                .write());
        String query = RedirectBinding.write(
                "SAMLRequest",
                AuthnRequest.of(Header.of(Site.NOW, Site.ISSUER, Site.AUDIENCE), Site.ACS)
                        .write(),
                Optional.of("state"),
                Site.signer(Site.SERVICE));
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            refused += refuses(() -> AuthnRequest.read(SafeXml.parse(broken(request, random), Limits.MESSAGE)));
            refused += refuses(() -> SpMetadata.read(broken(request, random).getBytes(StandardCharsets.UTF_8)));
            refused += refuses(() -> RedirectBinding.read(broken(query, random), "SAMLRequest"));
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            refused += refuses(() -> SafeXml.parse(noise, Limits.MESSAGE));
            refused += refuses(() ->
                    RedirectBinding.read("SAMLRequest=" + Base64.getUrlEncoder().encodeToString(noise), "SAMLRequest"));
        }
        assertTrue(refused > ROUNDS, "hardly anything was refused: " + refused);
    }

    @Test
    void whatIsWrittenReadsAsItWas() throws RefusedMessage {
        var random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            String text = text(random);
            Element written = Markup.root(SamlNames.ASSERTION, "saml:X")
                    .attribute("a", text)
                    .text(text)
                    .element();
            Element read = SafeXml.parse(Markup.write(written), Limits.MESSAGE);
            assertEquals(written.getTextContent().strip(), Elements.text(read));
            assertEquals(written.getAttribute("a"), read.getAttribute("a"));
        }
    }

    private interface Reading {
        Object read() throws RefusedMessage;
    }

    private static int refuses(Reading reading) {
        try {
            reading.read();
            return 0;
        } catch (RefusedMessage e) {
            return 1;
        }
    }

    /// Cut, doubled, swapped, or with a piece of markup in between.
    private static String broken(String text, Random random) {
        var broken = new StringBuilder(text);
        for (int i = 0; i <= random.nextInt(3); i++) {
            int at = random.nextInt(broken.length());
            int end = Math.min(broken.length(), at + random.nextInt(40));
            switch (random.nextInt(4)) {
                case 0 -> broken.delete(at, end);
                case 1 -> broken.insert(random.nextInt(broken.length()), broken.substring(at, end));
                case 2 -> broken.setCharAt(at, (char) (broken.charAt(at) ^ 1 << random.nextInt(7)));
                default -> broken.insert(at, PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return broken.toString();
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
            text.append(
                    random.nextBoolean()
                            ? PIECES[random.nextInt(PIECES.length)]
                            : Character.toString(random.nextInt(0x11000)));
        }
        return text.toString();
    }

    private static String base64(String xml) {
        return Base64.getEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_8));
    }
}
