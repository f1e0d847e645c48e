/// SCIM 2.0 for programs that provision users and groups here (RFC 7644, docs/guide/scim.md): who calls, which
/// resource, what its document looks like. Filters and changes of documents are the domain's; what becomes of users
/// and groups decide the services.
package io.postern.admin.scim;
