// Message texts of a server that speaks German (BEHAVIOUR §1: clients match on codes only); rarer codes share the last one.

const texts: Readonly<Record<string, string>> = {
  ErrorAccessDenied:
    'Zugriff verweigert. Überprüfen Sie die Anmeldeinformationen, und versuchen Sie es erneut.',
  ErrorCalendarOccurrenceIsDeletedFromRecurrence: 'Das Vorkommen wurde aus der Serie gelöscht.',
  ErrorCorruptData: 'Die Daten sind beschädigt.',
  ErrorFolderExists: 'Es ist bereits ein Ordner mit dem angegebenen Namen vorhanden.',
  ErrorFolderNotFound: 'Der angegebene Ordner wurde im Informationsspeicher nicht gefunden.',
  ErrorInternalServerError: 'Interner Serverfehler. Fehler beim Vorgang.',
  ErrorInvalidChangeKey: 'Der Änderungsschlüssel ist ungültig.',
  ErrorInvalidIdMalformed: 'Die ID ist falsch formatiert.',
  ErrorInvalidPropertySet: 'Die Eigenschaft kann nicht festgelegt werden.',
  ErrorInvalidSyncStateData: 'Die Synchronisierungsstatusdaten sind beschädigt oder anderweitig ungültig.',
  ErrorIrresolvableConflict:
    'Der Sendevorgang oder die Aktualisierung konnte nicht ausgeführt werden, da der übergebene Änderungsschlüssel nicht dem aktuellen entspricht.',
  ErrorItemNotFound: 'Das angegebene Objekt wurde im Informationsspeicher nicht gefunden.',
  ErrorMailboxMoveInProgress: 'Das Postfach wird gerade verschoben. Versuchen Sie es später erneut.',
  ErrorMailboxStoreUnavailable: 'Der Postfachspeicher ist nicht verfügbar. Versuchen Sie es später erneut.',
  ErrorNameResolutionNoResults: 'Es wurden keine Ergebnisse gefunden.',
  ErrorNameResolutionMultipleResults: 'Es wurden mehrere Ergebnisse gefunden.',
  ErrorNonExistentMailbox: 'Der SMTP-Adresse ist kein Postfach zugeordnet.',
  ErrorSchemaValidation: 'Fehler bei der Schemaüberprüfung der Anforderung.',
  ErrorServerBusy:
    'Der Server kann diese Anforderung zurzeit nicht verarbeiten. Versuchen Sie es später erneut.',
  ErrorSubscriptionNotFound: 'Das Abonnement wurde nicht gefunden.',
  ErrorTimeoutExpired: 'Zeitüberschreitung beim Vorgang.',
};

export function germanText(code: string): string {
  return texts[code] ?? 'Fehler beim Vorgang. Die Anforderung konnte nicht ausgeführt werden.';
}
