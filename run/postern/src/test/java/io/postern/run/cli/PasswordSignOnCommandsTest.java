package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.PasswordSeal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands about sign-on by name and password, with a real API and a connector's key (PWD-1, PWD-2).
class PasswordSignOnCommandsTest {
    @TempDir
    Path folder;

    private LiveService service;

    @BeforeEach
    void open() throws Exception {
        service = new LiveService(folder);
        service.user("anna");
        service.sealKey(PasswordSeal.create().publicKey());
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void passwordsAreSetListedTravelWithoutSecretsAndAreTakenAway() throws Exception {
        service.ok("app publish --name forms --internal-url https://forms.corp/");
        assertTrue(service.ok("app sso password forms").contains("off (singleSignOnMode none)"));
        LiveService.Result early = service.run(
                "app sso password-for forms --user anna@contoso.example --login anna --password-file " + secret());
        assertTrue(early.err().contains("set singleSignOnMode to password first"), early.err());

        String set = service.ok("app sso password forms --page /login --proof-cookie sid --sign-out /bye");
        assertTrue(set.startsWith("Password        form at /login\n"), set);
        assertTrue(set.contains("Fields          (found on the page), (found on the page)\n"), set);
        assertTrue(set.contains("Proof           cookie sid\nSign-out        /bye\n"), set);
        assertEquals(set, service.ok("app sso password forms"));
        assertFalse(service.ok("app sso password forms --proof-cookie none").contains("Proof"));

        service.ok("app sso password forms --user-field u");
        assertEquals(
                "'anna' is signed in at 'forms' as 'anna7'; it counts everywhere within a minute.\n",
                service.ok("app sso password-for forms --user anna@contoso.example --login anna7 --password-file "
                        + secret()));
        String listed = service.ok("app sso password-for forms");
        assertTrue(listed.matches("(?s)WHO.*\nanna@contoso.example  user  anna7 .*"), listed);
        String file = service.ok("export forms");
        assertTrue(file.contains("/login") && !file.contains("anna7") && !file.contains("s3cret-of-anna"), file);
        service.ok("app sso password forms --off");
        Path yaml = Files.writeString(folder.resolve("forms.yaml"), file);
        service.ok("apply -f " + yaml);
        assertTrue(service.ok("app sso password forms").contains("Fields          u, (found on the page)"));

        assertEquals(
                "'anna' has no name and password at 'forms' any more.\n",
                service.ok("app sso password-for forms --user anna@contoso.example --remove"));
        assertEquals("Nobody has a name and a password there yet.\n", service.ok("app sso password-for forms"));
        assertTrue(service.run("app sso password-for forms --user anna@contoso.example")
                .err()
                .contains("--login"));
        assertTrue(service.run("app sso password-for forms --remove").err().contains("say for whom"));
        assertTrue(service.run("app sso password forms --off --page /x").err().contains("--off"));
        assertTrue(service.run("app sso password forms --page https://elsewhere/")
                .err()
                .contains("is no path of the backend"));
        assertTrue(service.ok("app sso password forms --off").contains("off (singleSignOnMode none)"));
    }

    private Path secret() throws IOException {
        return Files.writeString(folder.resolve("secret"), "s3cret-of-anna\n");
    }

    @Test
    void whatComesByStandardInputIsForAGroupToo() {
        service.ok("app publish --name basic --internal-url https://basic.corp/");
        assertTrue(service.ok("app sso password basic --way basic").startsWith("Password        HTTP Basic\n"));
        service.ok("group add Team --kind security");
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("from-input\n".getBytes(StandardCharsets.UTF_8)));
        try {
            service.ok("app sso password-for basic --group Team --login shared --password-file -");
        } finally {
            System.setIn(before);
        }
        String listed = service.ok("app sso password-for basic");
        assertTrue(listed.matches("(?s)WHO.*\nTeam +group  shared .*"), listed);
        assertFalse(service.json("app sso password-for basic").toString().contains("from-input"));
        assertFalse(service.ok("audit list").contains("from-input"));
    }
}
