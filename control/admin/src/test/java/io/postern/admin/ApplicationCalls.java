package io.postern.admin;

import io.postern.admin.Installation.Response;
import io.postern.base.PasswordSeal;
import io.postern.domain.ObjectId;
import io.postern.fixtures.DnsServer;
import io.postern.store.Connector;
import io.postern.store.ProfileStore;
import java.util.Optional;

/// What is written of registrations, service principals and sign-on.
final class ApplicationCalls extends WritingTable {
    private static final String METADATA = "<md:EntityDescriptor xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata'"
            + " entityID='urn:sp:imported'><md:SPSSODescriptor"
            + " protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'><md:AssertionConsumerService"
            + " Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST' Location='https://sp.example/acs' index='0'/>"
            + "</md:SPSSODescriptor></md:EntityDescriptor>";

    private static final String CLAIMS_POLICY =
            "{\"displayName\":\"p\",\"definition\":[\"{\\\"ClaimsMappingPolicy\\\":{}}\"]}";

    ApplicationCalls(Installation service, DnsServer dns) {
        super(service, dns);
        applications();
        principals();
        signOn();
        access();
        collections();
    }

    private void access() {
        String settings = "PUT /servicePrincipals/{id}/accessRequestSettings";
        String changed = "Update access request settings";
        String approver = "{\"approverIds\":[\"" + service.user.id() + "\"]}";
        several(
                settings,
                "",
                "a group is made and assigned, each of which has a history",
                () -> ask(approver, principal()),
                "Add group",
                "Add app role assignment",
                changed);
        like(settings, "again", changed, () -> ask(approver, offered(approver)));
        one(
                "DELETE /servicePrincipals/{id}/accessRequestSettings",
                "Remove access request settings",
                () -> ask("", offered(approver)));
        one("PUT /groups/{id}/accessRequestSettings", changed, () -> ask(approver, group()));
        one("DELETE /groups/{id}/accessRequestSettings", "Remove access request settings", () -> {
            String group = group();
            made(service.api("PUT", "/groups/" + group + "/accessRequestSettings", approver));
            return ask("", group);
        });
    }

    private void collections() {
        String all = "/appCollections";
        one("POST " + all, "Create application collection", () -> ask("{\"displayName\":\"c\"}"));
        one(
                "PATCH " + all + "/{id}",
                "Edit application collection",
                () -> ask("{\"displayName\":\"d\"}", collection()));
        one("DELETE " + all + "/{id}", "Delete application collection", () -> ask("", collection()));
    }

    private String collection() {
        return made(service.post("/appCollections", "{\"displayName\":\"" + name() + "\"}"))
                .text("/id");
    }

    private String offered(String settings) {
        String principal = principal();
        made(service.api("PUT", "/servicePrincipals/" + principal + "/accessRequestSettings", settings));
        return principal;
    }

    private void applications() {
        one("POST /applications", "Add application", () -> ask("{\"displayName\":\"x\"}"));
        one("PATCH /applications/{id}", "Update application", () -> ask("{\"displayName\":\"y\"}", app()));
        like("PATCH /applications/{id}", "with SAML sign-on", "Update application", () -> {
            Response app = application();
            saml(principal(app));
            return ask(
                    "{\"identifierUris\":[\"urn:y\"],\"web\":{\"redirectUris\":[\"https://y.example/acs\"]}}",
                    app.text("/id"));
        });
        like("PATCH /applications/{id}", "with token encryption", "Update application", () -> {
            Response app = application();
            saml(principal(app));
            return ask(
                    "{\"displayName\":\"z\",\"keyCredentials\":[{\"usage\":\"Encrypt\",\"key\":\"" + certificate()
                            + "\"}]}",
                    app.text("/id"));
        });
        one("DELETE /applications/{id}", "Delete application", () -> ask("", app()));
        several(
                "DELETE /applications/{id}",
                "with its service principal",
                "two things go",
                () -> ask("", published()),
                "Delete service principal",
                "Delete application");
        one("PUT /applications/{id}/logo", "Update application", () -> picture(app()));
        one("DELETE /applications/{id}/logo", "Update application", () -> {
            String app = app();
            service.store.write(stores -> {
                stores.profiles()
                        .setLogo(
                                service.tenant.id(),
                                new ObjectId(app),
                                Optional.of(new ProfileStore.Logo("image/png", "AAAA")));
                return true;
            });
            return ask("", app);
        });
        several(
                "POST /applicationTemplates/{id}/instantiate",
                "",
                "makes a registration, its service principal and its sign-on, of which each has a history",
                () -> ask(
                        "{\"displayName\":\"" + name()
                                + "\",\"parameters\":{\"redirect-url\":\"https://x.example/cb\"}}",
                        "non-gallery-oidc"),
                "Add application",
                "Add service principal",
                "Update single sign-on of application");
        one(
                "POST /applications/{id}/owners/$ref",
                "Add owner to application",
                () -> ask(odata("users", user()), app()));
        one("DELETE /applications/{id}/owners/{ownerId}/$ref", "Remove owner from application", () -> {
            String app = app();
            String user = user();
            made(service.post("/applications/" + app + "/owners/$ref", odata("users", user)));
            return ask("", app, user);
        });
        one("POST /applications/{id}/addPassword", "Update application", () -> ask("{}", app()));
        one("POST /applications/{id}/removePassword", "Update application", () -> {
            String app = app();
            String key = made(service.post("/applications/" + app + "/addPassword", "{}"))
                    .text("/keyId");
            return ask("{\"keyId\":\"" + key + "\"}", app);
        });
        one(
                "POST /applications/{id}/addKey",
                "Update application",
                () -> ask("{\"keyCredential\":{\"key\":\"" + certificate() + "\"}}", app()));
        one("POST /applications/{id}/removeKey", "Update application", () -> {
            String app = app();
            String key = made(service.post(
                            "/applications/" + app + "/addKey",
                            "{\"keyCredential\":{\"key\":\"" + certificate() + "\"}}"))
                    .text("/keyId");
            return ask("{\"keyId\":\"" + key + "\"}", app);
        });
        one(
                "POST /oauth2PermissionGrants",
                "Add delegated permission grant",
                () -> ask(grant("\"consentType\":\"AllPrincipals\"")));
        one(
                "DELETE /oauth2PermissionGrants/{grantId}",
                "Remove delegated permission grant",
                () -> ask("", granted("\"consentType\":\"AllPrincipals\"")));
        one(
                "DELETE /me/oauth2PermissionGrants/{grantId}",
                "Remove delegated permission grant",
                () -> ask(
                        "",
                        granted("\"consentType\":\"Principal\",\"principalId\":\"" + service.administrator.id()
                                + "\"")));
    }

    private String grant(String who) {
        return "{\"clientId\":\"" + principal() + "\"," + who + ",\"resourceId\":\""
                + application().text("/appId") + "\",\"scope\":\"read\"}";
    }

    private String granted(String who) {
        return made(service.post("/oauth2PermissionGrants", grant(who))).text("/id");
    }

    private void principals() {
        one(
                "POST /servicePrincipals",
                "Add service principal",
                () -> ask("{\"appId\":\"" + application().text("/appId") + "\"}"));
        one(
                "PATCH /servicePrincipals/{id}",
                "Update service principal",
                () -> ask("{\"accountEnabled\":false}", principal()));
        several(
                "PATCH /servicePrincipals/{id}",
                "what is the registration's and the sign-on's too",
                "each of the three has a history",
                () -> ask(
                        "{\"accountEnabled\":false,\"notes\":\"n\",\"loginUrl\":\"https://x.example/in\"}",
                        principal()),
                "Update service principal",
                "Update application",
                "Update single sign-on of application");
        several(
                "DELETE /servicePrincipals/{id}",
                "",
                "it is never left without its registration, nor the other way round (APP-2)",
                () -> ask("", principal()),
                "Delete service principal",
                "Delete application");
        String step = "/servicePrincipals/{id}/assignmentsInStepWith";
        one(
                "PUT " + step,
                "Keep assignments in step",
                () -> ask("{\"leaderId\":\"" + principal() + "\"}", principal()));
        one("DELETE " + step, "Keep assignments in step", () -> {
            String follower = principal();
            made(service.api(
                    "PUT",
                    "/servicePrincipals/" + follower + "/assignmentsInStepWith",
                    "{\"leaderId\":\"" + principal() + "\"}"));
            return ask("", follower);
        });
        String assigned = "/servicePrincipals/{id}/appRoleAssignedTo";
        one(
                "POST " + assigned,
                "Add app role assignment",
                () -> ask("{\"principalId\":\"" + service.user.id() + "\"}", principal()));
        one("PATCH " + assigned + "/{assignmentId}", "Update app role assignment", () -> {
            String principal = principal();
            return ask("{\"reason\":\"because\"}", principal, assignment(principal));
        });
        one("DELETE " + assigned + "/{assignmentId}", "Remove app role assignment", () -> {
            String principal = principal();
            return ask("", principal, assignment(principal));
        });
        one(
                "POST /assignmentReviews/{id}/decide",
                "Review app role assignment: keep",
                () -> ask("{\"decision\":\"keep\",\"reason\":\"needed\"}", assignment(principal())));
        like(
                "POST /assignmentReviews/{id}/decide",
                "remove",
                "Review app role assignment: remove",
                () -> ask("{\"decision\":\"remove\",\"reason\":\"gone\"}", assignment(principal())));
        String tokens = "/servicePrincipals/{id}/apiTokens";
        one("POST " + tokens, "Add service principal credentials", () -> ask("{\"displayName\":\"t\"}", principal()));
        one("DELETE " + tokens + "/{tokenId}", "Remove service principal credentials", () -> {
            String principal = principal();
            String token = made(service.post(
                            "/servicePrincipals/" + principal + "/apiTokens", "{\"displayName\":\"t\"}"))
                    .text("/id");
            return ask("", principal, token);
        });
        provisioning();
        passwords();
        one(
                "POST /servicePrincipals/{id}/revokeSignInSessions",
                "Revoke sign-in sessions of application",
                () -> ask("{}", principal()));
    }

    private void signOn() {
        String one = "/servicePrincipals/{id}";
        String update = "Update single sign-on of application";
        one("PATCH " + one + "/signOn", update, () -> ask("{\"loginUrl\":\"https://x.example/\"}", principal()));
        several(
                "PATCH " + one + "/signOn",
                "SAML for the first time",
                "there must be something to sign with",
                () -> ask("{\"preferredSingleSignOnMode\":\"saml\"}", principal()),
                "Add signing certificate",
                update);
        one(
                "POST " + one + "/signOn/importMetadata",
                update,
                () -> ask("{\"metadata\":\"" + METADATA + "\"}", saml(principal())));
        String user = "{\"user\":\"" + service.user.id() + "\"}";
        nothing("POST " + one + "/signOn/test", "checks what is set", () -> ask(user, saml(principal())));
        nothing("POST " + one + "/signOn/preview", "shows what would be told", () -> ask(user, saml(principal())));
        one(
                "PUT " + one + "/claimsPolicy",
                update,
                () -> ask("{\"nameId\":{\"format\":\"persistent\"}}", saml(principal())));
        String policies = "/policies/claimsMappingPolicies";
        one("POST " + policies, "Add policy", () -> ask(CLAIMS_POLICY));
        one("PATCH " + policies + "/{id}", "Update policy", () -> ask("{\"displayName\":\"x\"}", claimsPolicy()));
        one("DELETE " + policies + "/{id}", "Delete policy", () -> ask("", claimsPolicy()));
        one(
                "POST " + one + "/claimsMappingPolicies/$ref",
                "Add policy to service principal",
                () -> ask(odata("policies/claimsMappingPolicies", claimsPolicy()), principal()));
        one("DELETE " + one + "/claimsMappingPolicies/{policyId}/$ref", "Remove policy from service principal", () -> {
            String principal = principal();
            String policy = claimsPolicy();
            made(service.post(
                    "/servicePrincipals/" + principal + "/claimsMappingPolicies/$ref",
                    odata("policies/claimsMappingPolicies", policy)));
            return ask("", principal, policy);
        });
        one("POST " + one + "/addTokenSigningCertificate", "Add signing certificate", () -> ask("{}", principal()));
        String certificates = one + "/tokenSigningCertificates/{keyId}";
        one("POST " + certificates + "/activate", "Make signing certificate active", () -> {
            String principal = saml(principal());
            return ask("{}", principal, signingCertificate(principal));
        });
        one("DELETE " + certificates, "Remove signing certificate", () -> {
            String principal = saml(principal());
            return ask("", principal, signingCertificate(principal));
        });
    }

    private String claimsPolicy() {
        return made(service.post("/policies/claimsMappingPolicies", CLAIMS_POLICY))
                .text("/id");
    }

    /// Names and passwords with which users are signed in at an application.
    private void passwords() {
        String one = "/servicePrincipals/{id}";
        String body = "{\"id\":\"" + service.user.id() + "\",\"credentials\":["
                + "{\"fieldId\":\"u\",\"value\":\"alice\",\"type\":\"username\"},"
                + "{\"fieldId\":\"p\",\"value\":\"s3cret\",\"type\":\"password\"}]}";
        String whose = "{\"id\":\"" + service.user.id() + "\"}";
        one(
                "POST " + one + "/createPasswordSingleSignOnCredentials",
                "Add password single sign-on credentials",
                () -> ask(body, signedOnByPassword()));
        one(
                "POST " + one + "/updatePasswordSingleSignOnCredentials",
                "Update password single sign-on credentials",
                () -> {
                    String principal = signedOnByPassword();
                    made(service.post(
                            "/servicePrincipals/" + principal + "/createPasswordSingleSignOnCredentials", body));
                    return ask(body, principal);
                });
        one(
                "POST " + one + "/deletePasswordSingleSignOnCredentials",
                "Remove password single sign-on credentials",
                () -> {
                    String principal = signedOnByPassword();
                    made(service.post(
                            "/servicePrincipals/" + principal + "/createPasswordSingleSignOnCredentials", body));
                    return ask(whose, principal);
                });
        nothing("POST " + one + "/getPasswordSingleSignOnCredentials", "shows the name", () -> {
            String principal = signedOnByPassword();
            made(service.post("/servicePrincipals/" + principal + "/createPasswordSingleSignOnCredentials", body));
            return ask(whose, principal);
        });
    }

    private String signedOnByPassword() {
        Connector connector = ScriptedDirectory.connector(service, name());
        service.store.write(s -> s.applicationPasswords()
                .putKey(
                        connector.tenant(),
                        connector.id(),
                        PasswordSeal.create().publicKey()));
        Installation.Response published = made(service.post(
                "/applications",
                "{\"displayName\":\"" + name() + "\",\"onPremisesPublishing\":{\"internalUrl\":\"https://" + name()
                        + ".corp/\",\"singleSignOnSettings\":{\"singleSignOnMode\":\"password\","
                        + "\"passwordSignOnSettings\":{\"signOnPage\":\"/login\"}}}}"));
        return service.get("/servicePrincipals?$filter=appId%20eq%20'" + published.text("/appId") + "'")
                .text("/value/0/id");
    }

    /// Users and groups provisioned to an application.
    private void provisioning() {
        String job = "/servicePrincipals/{id}/synchronization";
        String settings = "{\"targetUrl\":\"https://127.0.0.1:1/scim\",\"secret\":\"s\"}";
        one("PUT " + job, "Add provisioning to application", () -> ask(settings, principal()));
        like(
                "PUT " + job,
                "set before",
                "Update provisioning to application",
                () -> ask(settings, provisioned(settings)));
        one("DELETE " + job, "Remove provisioning to application", () -> ask("", provisioned(settings)));
        one("POST " + job + "/start", "Enable/start provisioning", () -> ask("{}", provisioned(settings)));
        one("POST " + job + "/pause", "Pause/disable provisioning", () -> ask("{}", provisioned(settings)));
        nothing(
                "POST " + job + "/validateCredentials",
                "only asks the application",
                () -> ask("{}", provisioned(settings)));
        one(
                "POST " + job + "/provisionOnDemand",
                "Provision on demand",
                () -> ask("{\"userId\":\"" + service.user.id() + "\"}", provisioned(settings)));
    }

    private String provisioned(String settings) {
        String principal = principal();
        made(service.api("PUT", "/servicePrincipals/" + principal + "/synchronization", settings));
        return principal;
    }
}
