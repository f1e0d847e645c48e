package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.fixtures.KeytabFile;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Desktop sign-in as an administrator sets it (DSK-1).
class DesktopSignInApiTest {
    static final String KEYTAB = keytab("HTTP/login." + Installation.BASE + "@CORP.TEST");

    @TempDir
    Path folder;

    private Installation service;
    private String path;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        path = "/organization/" + service.tenant.id() + "/desktopSignIn";
    }

    @AfterEach
    void close() {
        service.close();
    }

    static String keytab(String principal) {
        return Base64.getEncoder().encodeToString(KeytabFile.of(principal, 4));
    }

    @Test
    void isSetShownChangedAndRemoved() {
        assertEquals(404, service.get(path).status());

        Response set =
                service.patch(path, "{\"keytab\":\"" + KEYTAB + "\",\"networks\":[\"10.0.0.0/8\",\"2001:db8::/32\"]}");
        Response shown = service.get(path);
        Response off = service.patch(path, "{\"isEnabled\":false,\"userNameSuffix\":\"Corp.Example\"}");

        assertEquals(204, set.status(), set.raw().body());
        assertTrue(shown.json().at("/isEnabled").asBoolean());
        assertEquals("HTTP/login." + Installation.BASE + "@CORP.TEST", shown.text("/principal"));
        assertEquals(service.tenant.domain(), shown.text("/userNameSuffix"));
        assertEquals(4, shown.json().at("/keyVersions/0").asInt());
        assertFalse(shown.raw().body().contains("keytab"));
        assertEquals(204, off.status(), off.raw().body());
        assertFalse(service.get(path).json().at("/isEnabled").asBoolean());
        assertEquals("corp.example", service.get(path).text("/userNameSuffix"));
        assertEquals("10.0.0.0/8", service.get(path).text("/networks/0"));
        assertEquals(204, service.delete(path).status());
        assertEquals(404, service.delete(path).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'networks':['10.0.0.0/8']}|keytab",
                "{'networks':['10.0.0.0/8'],'keytab':'AAAA'}|keytab",
                "{'networks':['10.0.0.0/8'],'keytab':'%%'}|keytab",
                "{'networks':['10.0.0.0/8'],'keytab':'OTHER'}|keytab",
                "{'keytab':'GOOD'}|networks",
                "{'networks':[],'keytab':'GOOD'}|networks",
                "{'networks':['office'],'keytab':'GOOD'}|networks",
                "{'networks':['10.0.0.0/33'],'keytab':'GOOD'}|networks",
                "{'networks':['0.0.0.0/0'],'keytab':'GOOD'}|networks",
                "{'networks':['10.0.0.0/8'],'keytab':'GOOD','userNameSuffix':'@corp'}|userNameSuffix"
            })
    void aMistakeIsNamedAndNothingIsKept(String body, String field) {
        Response refused = service.patch(
                path,
                body.replace('\'', '"')
                        .replace("GOOD", KEYTAB)
                        .replace("OTHER", keytab("HTTP/intranet.corp.test@CORP.TEST")));

        assertEquals(400, refused.status(), refused.raw().body());
        assertEquals(field, refused.text("/error/details/0/target"));
        assertEquals(404, service.get(path).status());
    }
}
