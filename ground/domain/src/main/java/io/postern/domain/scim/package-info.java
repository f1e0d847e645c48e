/// SCIM 2.0 without a server: schemas, filters, changes of documents (RFC 7643, RFC 7644). A document is a map of
/// plain Java values - texts, booleans, numbers, lists and maps - under the schemas' own spelling of names; what is
/// not assigned is absent. Pure: no JSON, no store, no clock.
package io.postern.domain.scim;
