/// Provisions users and groups to applications by SCIM: who changed is looked at, and what an application does not know
/// is sent.
package io.postern.admin.outbound;
