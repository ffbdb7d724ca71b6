//! Guildhall: organizations, members and invitations at the edge.
