untagged_union! {
    /// An audit log entry in one of two shapes, told apart by `user` and `audit_info`.
    pub enum GreenlakeAuditLog: "GreenlakeAuditLog" by anyOf, else Other {
        GreenlakeAuditEntry(super::GreenlakeAuditEntry, false, ("object", &["user"], &["id", "user", "workspace", "application", "category", "description", "created_at", "updated_at", "additional_info", "has_details"], &[]), model),
        GreenlakeCatalogAuditEntry(super::GreenlakeCatalogAuditEntry, false, ("object", &["audit_info"], &["customer_id", "username", "app_slug", "audit_info", "app_instance_id", "application_customer_id", "audit_details", "enable_streaming", "created_at"], &[]), model),
    }
}
