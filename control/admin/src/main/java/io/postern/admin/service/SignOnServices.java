package io.postern.admin.service;

/// What concerns the sign-on of applications, in one place.
public record SignOnServices(
        SignOns signOns,
        ClaimsMappings claimsMappings,
        SigningCertificates certificates,
        SigningCertificateWatch watch,
        MetadataImport metadata,
        SignOnTest test,
        BackendSignOnTest backendTest,
        HeaderPreview headerPreview,
        IdentityTokenPreview tokenPreview,
        Gallery gallery) {}
