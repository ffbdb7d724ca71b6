//! What JavaScript sees of Guildhall.
