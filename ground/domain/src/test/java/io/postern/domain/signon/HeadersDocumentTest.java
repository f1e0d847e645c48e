package io.postern.domain.signon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.publish.BackendSignOn.Headers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Header sign-on as documents: what is written is what was read, and faults are named with their place.
class HeadersDocumentTest {
    private static final String FULL = """
            {"headers": [
              {"name": "X-User", "configurations": [
                {"attribute": "userPrincipalName", "transformations": [{"type": "extractMailPrefix"}, {"type": "toUppercase"}]},
                {"condition": {"userType": "allGuests", "memberOf": ["g1"]}, "value": "guest"}]},
              {"name": "X-Mails", "path": "/mail/", "multivalued": true, "separator": ";", "encoding": "base64",
               "required": true, "configurations": [{"attribute": "otherMails"}]},
              {"name": "X-Groups", "groupClaim": {"groups": "all", "sourceAttribute": "displayName",
               "filter": {"attribute": "displayName", "type": "startsWith", "value": "app-"},
               "regexReplace": {"pattern": "^app-(.*)$", "replacement": "$1"}}}]}
            """;

    private static Map<String, Object> map(String json) {
        return JsonMapper.shared().readValue(json, new TypeReference<>() {});
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Headers headers = HeadersDocument.read(map(FULL));
        assertEquals(3, headers.headers().size());
        Map<String, Object> written = HeadersDocument.write(headers);
        assertEquals(headers, HeadersDocument.read(written));
        assertEquals(
                written,
                HeadersDocument.write(
                        HeadersDocument.read(map(JsonMapper.shared().writeValueAsString(written)))));
        assertTrue(headers.asksForGroups());
        assertEquals(
                List.of("/", "/mail/", "/"),
                headers.headers().stream().map(h -> h.path()).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name":"X-A"}                                                          | neither
            {"configurations":[{"value":"a"}]}                                      | name is missing
            {"name":"X-A","configurations":[{"value":"a"}],"groupClaim":{"groups":"all"}} | both
            {"name":"X-A","groupClaim":{"groups":"none"}}                           | all, security or assigned
            {"name":"X-A","groupClaim":{"groups":"all","name":"x"}}                 | name of its own
            {"name":"X-A","configurations":[{"value":"a"}],"separator":",,"}        | 2 characters
            {"name":"X-A","configurations":[{"value":"a"}],"separator":"%"}         | cannot part
            {"name":"X-A","configurations":[{"value":"a"}],"separator":"a"}         | cannot part
            {"name":"X-A","configurations":[{"value":"a"}],"encoding":"utf8"}       | ascii, base64, percent
            {"name":"X-A","configurations":[{"attribute":"passwordHash"}]}          | passwordHash
            {"name":"X-A","configurations":[{"value":"a"}],"claim":"b"}             | 'claim' is no property here
            """)
    void faultsNameTheirPlace(String header, String message) {
        IllegalArgumentException fault = assertThrows(
                IllegalArgumentException.class, () -> HeadersDocument.read(map("{\"headers\":[" + header + "]}")));
        assertTrue(String.valueOf(fault.getMessage()).contains(message), fault.getMessage());
        assertTrue(((io.postern.domain.claims.ClaimsFault) fault).field().startsWith("headers[0]"), fault.toString());
    }
}
