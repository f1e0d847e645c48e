package io.postern.admin.enroll;

import io.postern.pki.IssuedConnector;
import io.postern.web.BadRequest;
import io.postern.web.Json;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// The JSON that connectors and service exchange here. Unknown properties are let pass: a newer connector may tell
/// more (tunnel.md, versions).
final class Forms {
    static final int TEXT_MAX = 255;
    private static final int CSR_CHARACTERS_MAX = 16_384;

    private Forms() {}

    static String text(ObjectNode json, String name, int max) {
        if (json.get(name) instanceof StringNode node
                && !node.stringValue().isBlank()
                && node.stringValue().length() <= max) {
            return node.stringValue();
        }
        throw new BadRequest(name + " must be a text of 1 to " + max + " characters");
    }

    /// It comes from a machine that nobody has vouched for yet, and is shown in lists and logs.
    static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    static byte[] csr(ObjectNode json) {
        try {
            return Base64.getDecoder().decode(text(json, "csr", CSR_CHARACTERS_MAX));
        } catch (IllegalArgumentException e) {
            throw new BadRequest("csr is not base64");
        }
    }

    static ObjectNode identity(String connector, String tenant, String group, IssuedConnector certificate) {
        return Json.MAPPER
                .createObjectNode()
                .put("connectorId", connector)
                .put("tenant", tenant)
                .put("group", group)
                .put("certificate", certificate.certificatePem())
                .put("authority", certificate.authorityPem());
    }
}
