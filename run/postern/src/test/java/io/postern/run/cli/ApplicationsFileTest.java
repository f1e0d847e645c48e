package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.config.ConfigFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class ApplicationsFileTest {
    private static final String YAML = """
            applications:
              - displayName: wiki
                notes: null
                onPremisesPublishing:
                  internalUrl: http://wiki.corp/
                  isMaintenanceModeEnabled: true
                  requestsPerSecondMax: 7
                  responseHeaders: {x-a: "1"}
              - displayName: "2026"
            """;

    @Test
    void yamlAndJsonAreRead() {
        ApplicationsFile yaml = ApplicationsFile.of("a.yaml", YAML);
        ObjectNode body = Api.object();
        yaml.applications().forEach(body.putArray("applications")::add);

        assertEquals(
                yaml.applications(),
                ApplicationsFile.of("a.json", body.toString()).applications());
        assertEquals(
                "{\"displayName\":\"wiki\",\"notes\":null,\"onPremisesPublishing\":{\"internalUrl\":"
                        + "\"http://wiki.corp/\",\"isMaintenanceModeEnabled\":true,\"requestsPerSecondMax\":7,"
                        + "\"responseHeaders\":{\"x-a\":\"1\"}}}",
                yaml.applications().getFirst().toString());
        assertEquals("2026", yaml.applications().get(1).path("displayName").stringValue());
    }

    @Test
    void whatIsPrintedIsReadBack() {
        ObjectNode body = Api.object();
        ApplicationsFile.of("a.yaml", YAML).applications().forEach(body.putArray("applications")::add);

        String printed = ExportCommand.yaml(body);

        assertEquals(
                ApplicationsFile.of("a.yaml", YAML).applications(),
                ApplicationsFile.of("b.yaml", printed).applications());
    }

    @Test
    void aFaultIsToldWithItsLineOrThatOfWhatItIsMissingIn() {
        ApplicationsFile file = ApplicationsFile.of("a.yaml", YAML);
        assertTrue(file.fault("applications[0].onPremisesPublishing.internalUrl", "x")
                .startsWith("line 5, "));
        assertTrue(file.fault("applications[1].onPremisesPublishing", "x").startsWith("line 9, "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "wiki                                                        | must begin with 'applications:'",
                "applications: [{displayName: a}, {displayName: a}]          | is there already, on line 1",
                "applications: [{displayName: a, notes: x, notes: y}]        | this key is there twice",
                "{applications: [], aplications: []}                         | only 'applications' can stand here",
                "applications: [a]                                           | must be a mapping",
                "applications: [{                                            | line 1, column",
                "applications: &a [*a]                                       | leads to itself",
                "applications: [{displayName: a, n: 99999999999999}]         | is not a number"
            })
    void whatIsNoFileOfApplicationsIsRefused(String text, String why) {
        var fault = assertThrows(ConfigFault.class, () -> ApplicationsFile.of("a.yaml", text.strip()));
        assertTrue(String.valueOf(fault.getMessage()).contains(why), fault.getMessage());
    }
}
