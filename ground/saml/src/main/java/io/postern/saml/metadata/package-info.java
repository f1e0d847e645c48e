/// Metadata: ours is written, that of service providers is read.
package io.postern.saml.metadata;
