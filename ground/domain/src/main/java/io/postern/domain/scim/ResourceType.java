package io.postern.domain.scim;

import io.postern.domain.scim.Attribute.Mutability;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What there is of a kind of resource: its schema, and what extends it (RFC 7643 §6). The two kinds that we hold
/// stand here with every attribute that we keep; others are not told of, and ignored where they are sent.
///
public record ResourceType(String name, String endpoint, Schema core, List<Schema> extensions) {
    public static final String USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
    public static final String GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";
    public static final String ENTERPRISE_SCHEMA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    private static final List<Attribute> COMMON = List.of(
            Attribute.text("id", "Our own id of the resource.")
                    .exact()
                    .single()
                    .only(Mutability.READ_ONLY)
                    .always(),
            Attribute.text("externalId", "The client's own id of the resource; each client has its own.")
                    .exact()
                    .single(),
            Attribute.text("schemas", "Which schemas the resource goes by.")
                    .many()
                    .exact()
                    .only(Mutability.READ_ONLY)
                    .always(),
            Attribute.complex(
                            "meta",
                            "What is known of the resource itself.",
                            Attribute.text("resourceType", "Kind of resource.").exact(),
                            Attribute.of("created", Attribute.Type.DATE_TIME, "When it was made."),
                            Attribute.of("location", Attribute.Type.REFERENCE, "Its URL.")
                                    .exact(),
                            Attribute.text("version", "Changes with the resource (RFC 9110 §8.8.3).")
                                    .exact())
                    .only(Mutability.READ_ONLY));

    public static final ResourceType USER = new ResourceType("User", "/Users", user(), List.of(enterprise()));
    public static final ResourceType GROUP = new ResourceType("Group", "/Groups", group(), List.of());

    public ResourceType {
        extensions = List.copyOf(extensions);
    }

    /// Where a path leads.
    ///
    /// @param extension id of the extension in whose object the attribute lies; empty for the core
    /// @param attribute empty: the whole extension
    /// @param part of a complex attribute
    public record Place(Optional<String> extension, Optional<Attribute> attribute, Optional<Attribute> part) {}

    public List<Schema> schemas() {
        return Stream.concat(Stream.of(core), extensions.stream()).toList();
    }

    /// Empty when there is no such attribute.
    Optional<Place> place(AttributePath path) {
        String schema = path.schema().orElse(core.id());
        if (schema.equalsIgnoreCase(core.id())) {
            return Stream.concat(COMMON.stream(), core.attributes().stream())
                    .filter(a -> a.name().equalsIgnoreCase(path.attribute()))
                    .findFirst()
                    .flatMap(a -> place(Optional.empty(), a, path.part()));
        }
        return extension(schema)
                .flatMap(e -> e.attribute(path.attribute()).flatMap(a -> place(Optional.of(e.id()), a, path.part())));
    }

    Optional<Schema> extension(String id) {
        return extensions.stream().filter(e -> e.id().equalsIgnoreCase(id)).findFirst();
    }

    /// By a name that stands in a document: of the core, or common to all.
    Optional<Attribute> attribute(String name) {
        return place(new AttributePath(Optional.empty(), name, Optional.empty()))
                .flatMap(Place::attribute);
    }

    private static Optional<Place> place(Optional<String> extension, Attribute attribute, Optional<String> part) {
        if (part.isEmpty()) {
            return Optional.of(new Place(extension, Optional.of(attribute), Optional.empty()));
        }
        return part.flatMap(attribute::part)
                .map(found -> new Place(extension, Optional.of(attribute), Optional.of(found)));
    }

    private static Schema user() {
        return new Schema(
                USER_SCHEMA,
                "User",
                "A person of the tenant.",
                List.of(
                        Attribute.text("userName", "Sign-in name, such as b.simon@contoso.example.")
                                .needed()
                                .single()
                                .always(),
                        Attribute.complex(
                                "name",
                                "The parts of the name.",
                                Attribute.text("formatted", "The whole name, for a person without displayName."),
                                Attribute.text("familyName", "Surname."),
                                Attribute.text("givenName", "First name."),
                                Attribute.text("middleName", "Further names."),
                                Attribute.text("honorificPrefix", "Title before the name."),
                                Attribute.text("honorificSuffix", "What follows the name.")),
                        Attribute.text("displayName", "The name that others see."),
                        Attribute.text("nickName", "What friends say."),
                        Attribute.of("profileUrl", Attribute.Type.REFERENCE, "A page about the person."),
                        Attribute.text("title", "Job title."),
                        Attribute.text("userType", "How the person belongs to the organisation; employeeType here."),
                        Attribute.text("preferredLanguage", "Language of pages, such as de or en-GB."),
                        Attribute.text("locale", "How numbers and dates are written."),
                        Attribute.text("timezone", "Such as Europe/Berlin."),
                        Attribute.of(
                                "active",
                                Attribute.Type.BOOLEAN,
                                "Whether the person may sign in; false ends sessions."),
                        Attribute.text("password", "A new password.").exact().only(Mutability.WRITE_ONLY),
                        values("emails", "Mail addresses; the one of type work is the user's mail.", "work", "home"),
                        values("phoneNumbers", "Telephone numbers.", "work", "mobile", "fax", "home", "pager", "other"),
                        values("ims", "Addresses of instant messengers."),
                        values("photos", "Pictures.", "photo", "thumbnail"),
                        Attribute.complex(
                                        "addresses",
                                        "Postal addresses; the one of type work is the user's.",
                                        Attribute.text("formatted", "All of it, as on a letter."),
                                        Attribute.text("streetAddress", "Street and number."),
                                        Attribute.text("locality", "City."),
                                        Attribute.text("region", "State."),
                                        Attribute.text("postalCode", "Postal code."),
                                        Attribute.text("country", "Country."),
                                        Attribute.text("type", "What it is for.")
                                                .oneOf("work", "home", "other"),
                                        Attribute.of("primary", Attribute.Type.BOOLEAN, "The one to use; one at most."))
                                .many(),
                        Attribute.complex(
                                        "groups",
                                        "Groups that the person is a direct member of.",
                                        Attribute.text("value", "Id of the group.")
                                                .exact(),
                                        Attribute.of("$ref", Attribute.Type.REFERENCE, "URL of the group.")
                                                .exact(),
                                        Attribute.text("display", "Name of the group."),
                                        Attribute.text("type", "Always direct.").oneOf("direct"))
                                .many()
                                .only(Mutability.READ_ONLY),
                        values("entitlements", "What the person may have; kept and given back."),
                        values("roles", "Roles elsewhere; kept and given back, nobody gets a role of ours by them.")));
    }

    private static Schema enterprise() {
        return new Schema(
                ENTERPRISE_SCHEMA,
                "EnterpriseUser",
                "A person who works for somebody.",
                List.of(
                        Attribute.text("employeeNumber", "employeeId here."),
                        Attribute.text("costCenter", "Who pays."),
                        Attribute.text("organization", "companyName here."),
                        Attribute.text("division", "Part of the organisation."),
                        Attribute.text("department", "Part of the division."),
                        Attribute.complex(
                                "manager",
                                "Who leads the person.",
                                Attribute.text("value", "Id of a user.").exact(),
                                Attribute.of("$ref", Attribute.Type.REFERENCE, "URL of that user.")
                                        .exact(),
                                Attribute.text("displayName", "Name of that user.")
                                        .only(Mutability.READ_ONLY))));
    }

    private static Schema group() {
        return new Schema(
                GROUP_SCHEMA,
                "Group",
                "A security group.",
                List.of(
                        Attribute.text("displayName", "Name of the group.")
                                .needed()
                                .always(),
                        Attribute.complex(
                                        "members",
                                        "Direct members: users and groups.",
                                        Attribute.text("value", "Id of the user or group.")
                                                .exact(),
                                        Attribute.of("$ref", Attribute.Type.REFERENCE, "URL of the user or group.")
                                                .exact(),
                                        Attribute.text("display", "Its name.").only(Mutability.READ_ONLY),
                                        Attribute.text("type", "Which of the two.")
                                                .oneOf("User", "Group"))
                                .many()));
    }

    private static Attribute values(String name, String description, String... types) {
        return Attribute.complex(
                        name,
                        description,
                        Attribute.text("value", "The value itself."),
                        Attribute.text("display", "What people read."),
                        Attribute.text("type", "What it is for.").oneOf(types),
                        Attribute.of("primary", Attribute.Type.BOOLEAN, "The one to use; one at most."))
                .many();
    }
}
