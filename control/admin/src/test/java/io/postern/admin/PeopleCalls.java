package io.postern.admin;

import io.postern.domain.directory.AdminRole;
import io.postern.fixtures.DnsServer;
import io.postern.store.AuthenticationMethod;

/// What is written of users, groups, roles, sign-in methods and the tenant.
final class PeopleCalls extends WritingTable {
    PeopleCalls(Installation service, DnsServer dns) {
        super(service, dns);
        people();
        methods();
        tenant();
        federation();
    }

    private void federation() {
        String all = "/identity/identityProviders";
        one("POST " + all, "Add identity provider", () -> ask(provider()));
        one(
                "PATCH " + all + "/{id}",
                "Update identity provider",
                () -> ask(
                        "{\"newcomers\":\"guests\"}",
                        made(service.post(all, provider())).text("/id")));
        one(
                "DELETE " + all + "/{id}",
                "Delete identity provider",
                () -> ask("", made(service.post(all, provider())).text("/id")));
        nothing(
                "POST " + all + "/{id}/test",
                "asks the provider what it says of itself",
                () -> ask("{}", made(service.post(all, provider())).text("/id")));
    }

    private static String provider() {
        return "{\"@odata.type\":\"#microsoft.graph.oidcIdentityProvider\",\"displayName\":\"p\","
                + "\"issuer\":\"https://" + name() + ".invalid\",\"clientId\":\"c\",\"clientSecret\":\"s\"}";
    }

    private void people() {
        one("POST /users", "Add user", () -> ask(newUser()));
        one("PATCH /users/{id}", "Update user", () -> ask("{\"displayName\":\"Other\"}", user()));
        like(
                "PATCH /users/{id}",
                "a password",
                "Reset user password",
                () -> ask("{\"passwordProfile\":{\"password\":\"wrong horse staple\"}}", user()));
        several(
                "PATCH /users/{id}",
                "a password and a name",
                "a password has a history of its own",
                () -> ask(
                        "{\"displayName\":\"Other\",\"passwordProfile\":{\"password\":\"wrong horse staple\"}}",
                        user()),
                "Reset user password",
                "Update user");
        like("PATCH /users/{id}", "disabled", "Update user", () -> ask("{\"accountEnabled\":false}", user()));
        one("DELETE /users/{id}", "Delete user", () -> ask("", user()));
        one("POST /users/{id}/revokeSignInSessions", "Revoke sign-in sessions", () -> ask("{}", user()));
        one("DELETE /users/{id}/sessions/{session}", "End sign-in session", () -> {
            String user = user();
            return ask("", user, session(user));
        });
        one("POST /users/{id}/sessions/endByDevice", "End sign-in session", () -> {
            String user = user();
            session(user);
            session(user);
            return ask("{\"deviceDisplayName\":\"Firefox on Linux\"}", user);
        });
        one(
                "DELETE /me/sessions/{session}",
                "End sign-in session",
                () -> ask("", session(service.administrator.id().value())));
        one("POST /groups", "Add group", () -> ask("{\"displayName\":\"" + name() + "\"}"));
        one("PATCH /groups/{id}", "Update group", () -> ask("{\"description\":\"d\"}", group()));
        one("DELETE /groups/{id}", "Delete group", () -> ask("", group()));
        one("POST /groups/{id}/members/$ref", "Add member to group", () -> ask(odata("users", user()), group()));
        one("DELETE /groups/{id}/members/{userId}/$ref", "Remove member from group", () -> {
            String group = group();
            String user = user();
            made(service.post("/groups/" + group + "/members/$ref", odata("users", user)));
            return ask("", group, user);
        });
        String roles = "/roleManagement/directory/roleAssignments";
        String reader = AdminRole.GLOBAL_READER.templateId();
        one(
                "POST " + roles,
                "Add member to role",
                () -> ask("{\"principalId\":\"" + user() + "\",\"roleDefinitionId\":\"" + reader + "\"}"));
        one(
                "DELETE " + roles + "/{id}",
                "Remove member from role",
                () -> ask(
                        "",
                        made(service.post(
                                        roles,
                                        "{\"principalId\":\"" + user() + "\",\"roleDefinitionId\":\"" + reader + "\"}"))
                                .text("/id")));
    }

    private void methods() {
        String all = "/users/{id}/authentication";
        one("POST " + all + "/methods/reset", "Delete authentication methods", () -> {
            String user = user();
            method(user, AuthenticationMethod.Kind.TOTP);
            method(user, AuthenticationMethod.Kind.PASSKEY);
            return ask("{}", user);
        });
        like(
                "POST " + all + "/methods/reset",
                "of one who has none, whose sessions end",
                "Delete authentication methods",
                () -> ask("{}", user()));
        one("POST " + all + "/temporaryAccessPassMethods", "Create temporary access pass", () -> ask("{}", user()));
        removal("temporaryAccessPassMethods", AuthenticationMethod.Kind.TEMPORARY_PASS);
        removal("fido2Methods", AuthenticationMethod.Kind.PASSKEY);
        removal("softwareOathMethods", AuthenticationMethod.Kind.TOTP);
        removal("recoveryCodesMethods", AuthenticationMethod.Kind.RECOVERY_CODES);
    }

    private void removal(String collection, AuthenticationMethod.Kind kind) {
        one("DELETE /users/{id}/authentication/" + collection + "/{methodId}", "Delete authentication method", () -> {
            String user = user();
            return ask("", user, method(user, kind));
        });
    }

    private void tenant() {
        one(
                "PATCH /organization/{id}",
                "Set company information",
                () -> ask(
                        "{\"requestsPerSecondMax\":" + (1000 + next()) + "}",
                        service.tenant.id().value()));
        one("POST /domains", "Add unverified domain", () -> ask("{\"id\":\"" + name() + ".example\"}"));
        one("PATCH /domains/{id}", "Update domain", () -> ask("{\"isCertificateOrdered\":true}", domain(false)));
        one("DELETE /domains/{id}", "Remove domain", () -> ask("", domain(false)));
        one("POST /domains/{id}/verify", "Verify domain", () -> {
            String name = domain(false);
            dns.serve("txt-record=_postern." + name + ",proof");
            return ask("{}", name);
        });
        one("POST /tenants", "Add tenant", () -> {
            String name = name();
            return ask("{\"name\":\"" + name + "\",\"domain\":\"" + name + ".example\",\"administrator\":\"admin@"
                    + name + ".example\",\"passwordProfile\":{\"password\":\"correct horse battery\"}}");
        });
    }
}
