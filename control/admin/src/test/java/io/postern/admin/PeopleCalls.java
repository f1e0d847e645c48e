package io.postern.admin;

import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.fixtures.DnsServer;
import io.postern.store.AuthenticationMethod;
import java.time.Instant;

/// What is written of users, groups, roles, sign-in methods and the tenant.
final class PeopleCalls extends WritingTable {
    PeopleCalls(Installation service, DnsServer dns) {
        super(service, dns);
        people();
        methods();
        synchronisation();
        tenant();
        federation();
        guests();
    }

    private void guests() {
        one("POST /invitations", "Invite external user", () -> ask(invitation()));
        like("POST /invitations", "once more", "Invite external user", () -> {
            String invitation = invitation();
            made(service.post("/invitations", invitation));
            return ask(invitation);
        });
        one(
                "PATCH /guests/{id}",
                "Update access of external user",
                () -> ask(
                        "{\"accessEndDateTime\":\"" + Instant.now().plusSeconds(86_400) + "\"}",
                        made(service.post("/invitations", invitation())).text("/id")));
        one("POST /users/{id}/sponsors/$ref", "Add sponsor to user", () -> ask(odata("users", user()), user()));
        one("DELETE /users/{id}/sponsors/{sponsorId}/$ref", "Remove sponsor from user", () -> {
            String guest = user();
            String sponsor = user();
            made(service.post("/users/" + guest + "/sponsors/$ref", odata("users", sponsor)));
            return ask("", guest, sponsor);
        });
        one(
                "PATCH /policies/authorizationPolicy",
                "Update policy of guests",
                () -> ask("{\"invitationDays\":" + (1 + next() % 300) + "}"));
    }

    private static String invitation() {
        return "{\"invitedUserEmailAddress\":\"" + name() + "@partner.example\"}";
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
        several(
                "POST /users/import",
                "",
                "each row is somebody",
                () -> ask("{\"users\":[{\"userPrincipalName\":\"" + name()
                        + "@contoso.example\",\"displayName\":\"N\"},{\"userPrincipalName\":\"" + name()
                        + "@contoso.example\",\"displayName\":\"N\"}]}"),
                "Add user",
                "Add user");
        nothing(
                "POST /users/import",
                "only planned",
                () -> ask("{\"isPlanOnly\":true,\"users\":[{\"userPrincipalName\":\"" + name()
                        + "@contoso.example\",\"displayName\":\"N\"}]}"));
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
        like(
                "POST /groups/{id}/members/$ref",
                "a group",
                "Add member to group",
                () -> ask(odata("groups", group()), group()));
        like("DELETE /groups/{id}/members/{userId}/$ref", "a group", "Remove member from group", () -> {
            String group = group();
            String member = group();
            made(service.post("/groups/" + group + "/members/$ref", odata("groups", member)));
            return ask("", group, member);
        });
        one("POST /groups/{id}/owners/$ref", "Add owner to group", () -> ask(odata("users", user()), group()));
        one("DELETE /groups/{id}/owners/{ownerId}/$ref", "Remove owner from group", () -> {
            String group = group();
            String user = user();
            made(service.post("/groups/" + group + "/owners/$ref", odata("users", user)));
            return ask("", group, user);
        });
        rules();
        String clients = "/provisioningClients";
        one("POST " + clients, "Add provisioning client", () -> ask("{\"displayName\":\"" + name() + "\"}"));
        one(
                "DELETE " + clients + "/{id}",
                "Remove provisioning client",
                () -> ask("", provisioningClient().text("/id")));
        one(
                "POST " + clients + "/{id}/tokens",
                "Add provisioning token",
                () -> ask("{}", provisioningClient().text("/id")));
        one("DELETE " + clients + "/{id}/tokens/{tokenId}", "Remove provisioning token", () -> {
            Installation.Response client = provisioningClient();
            return ask("", client.text("/id"), client.text("/tokens/0/id"));
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

    private void rules() {
        String rule = "\"membershipRule\":\"user.department -eq \\\"Sales\\\"\"";
        String dynamic = "\"groupTypes\":[\"DynamicMembership\"]," + rule;
        like(
                "POST /groups",
                "a dynamic one",
                "Add group",
                () -> ask("{\"displayName\":\"" + name() + "\"," + dynamic + "}"));
        like("PATCH /groups/{id}", "made dynamic", "Update group", () -> ask("{" + dynamic + "}", group()));
        String why = "a trial changes nothing";
        several(
                "POST /groups/evaluateDynamicMembership",
                "",
                why,
                () -> ask("{\"memberId\":\"" + user() + "\"," + rule + "}"));
        several("POST /groups/{id}/evaluateDynamicMembership", "", why, () -> {
            String group = group();
            made(service.patch("/groups/" + group, "{" + dynamic + "}"));
            return ask("{\"memberId\":\"" + user() + "\"}", group);
        });
        several("POST /groups/previewMembershipRule", "", why, () -> ask("{" + rule + "}"));
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

    private void synchronisation() {
        one("POST /sync/sources", "Add synchronisation source", () -> ask(newSource()));
        one("PATCH /sync/sources/{id}", "Update synchronisation source", () -> ask("{\"isEnabled\":false}", source()));
        one("DELETE /sync/sources/{id}", "Remove synchronisation source", () -> ask("", source()));
        one("POST /sync/sources/{id}/start", "Request synchronisation", () -> ask("{}", source()));
        one("POST /directory/deletedItems/{id}/restore", "Restore user", () -> {
            var user = new UserId(user());
            service.store.write(s -> s.users().putAside(service.tenant.id(), user, Instant.now()));
            return ask("{}", user.value());
        });
    }

    private String source() {
        return made(service.post("/sync/sources", newSource())).text("/id");
    }

    private static String newSource() {
        return "{\"name\":\"" + name() + "\",\"bases\":[\"DC=corp,DC=test\"]}";
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
        String desktop = "{\"networks\":[\"10.0.0.0/8\"],\"keytab\":\"" + DesktopSignInApiTest.KEYTAB + "\"}";
        String tenant = service.tenant.id().value();
        one("PATCH /organization/{id}/desktopSignIn", "Set desktop sign-in", () -> ask(desktop, tenant));
        one("DELETE /organization/{id}/desktopSignIn", "Remove desktop sign-in", () -> {
            service.patch("/organization/" + tenant + "/desktopSignIn", desktop);
            return ask("", tenant);
        });
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

    private Installation.Response provisioningClient() {
        return made(service.post("/provisioningClients", "{\"displayName\":\"" + name() + "\"}"));
    }
}
