/// Applications and every setting of their publication (`onPremisesPublishing`, section 7.1). Each setting
/// has one home here, and refuses in its constructor what cannot be.
package io.postern.domain.publish;
